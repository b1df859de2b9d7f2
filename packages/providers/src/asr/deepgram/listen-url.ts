/** Adds query parameters the address does not have; what it has wins. A list gives the parameter once per value. */
export function withDefaults(address: string, defaults: Readonly<Record<string, string | readonly string[]>>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(defaults)) {
    if (url.searchParams.has(name)) continue
    for (const each of typeof value === 'string' ? [value] : value) url.searchParams.append(name, each)
  }
  return url.href
}
