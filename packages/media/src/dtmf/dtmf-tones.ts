/** The rows and columns of the keypad, in Hz. @see ITU-T Q.23 */
export const rowHz = [697, 770, 852, 941] as const
export const columnHz = [1209, 1336, 1477, 1633] as const

/** Row by row. */
const keypad = '123A456B789C*0#D'

export function keyAt(row: number, column: number): string {
  return keypad.charAt(row * 4 + column)
}

/** The two frequencies of a key; undefined when it is none. */
export function tonesOf(key: string): { readonly rowHz: number; readonly columnHz: number } | undefined {
  const index = key.length === 1 ? keypad.indexOf(key.toUpperCase()) : -1
  if (index < 0) return undefined
  return { rowHz: rowHz[index >> 2] as number, columnHz: columnHz[index & 3] as number }
}
