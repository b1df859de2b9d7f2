/** The nearest value of 16 bits. */
export function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value))
}
