/** True for text that is a UUID: anything else cannot be a call's id and must not reach the database or a file name. */
export function isCallId(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}
