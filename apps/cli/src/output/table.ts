/** Columns as wide as their widest cell; the last one is not padded. Empty: no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** `1:05`, or `-` when it is not known. */
export function spanText(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return '-'
  return clockText(Date.parse(to) - Date.parse(from))
}

export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Without the parts nobody reads: `2026-01-31 08:00:05Z`. */
export const instantText = (iso: string | undefined): string =>
  iso === undefined ? '-' : iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')
