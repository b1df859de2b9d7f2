/**
 * What phone numbers are compared by: no separators, no leading `+` or `00`. `+86 138-0013` and `0086138 0013` are equal.
 * Letters stay, so that SIP user names compare too.
 */
export function phoneKey(phone: string): string {
  return phone
    .replace(/[^\p{L}\p{N}*#_]/gu, '')
    .replace(/^00/, '')
    .toLowerCase()
}
