/** First address, prefix length. @see RFC 6890, RFC 1918, RFC 6598, RFC 2544 */
const internalV4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
]

/** Names that only resolvers of the inside know, and numbers that only resolvers take for addresses (`127.1`). */
const internalName = /(^|\.)(\d+|0x[0-9a-f]*|local|localhost|internal|lan|home\.arpa)\.?$/i

/**
 * True for a host that nobody on the public network can mean: private, loopback, link-local (the metadata services of
 * clouds are there) and multicast addresses, IPv6 addresses that lead to one of these, numbers that only resolvers take
 * for addresses (`127.1`, `0x7f000001`), names without a dot and of internal zones. IPv6 with or without brackets.
 *
 * Names are not resolved here: one of the public zone that leads inside is not found out.
 * @see RFC 6890, RFC 6762 (`.local`), RFC 6761 (`.localhost`), RFC 8375 (`home.arpa`)
 */
export function isInternalHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '')
  const v4 = parseV4(address)
  if (v4 !== undefined) return isInternalV4(v4)
  if (address.includes(':')) return isInternalV6(parseV6(address))
  return !host.includes('.') || internalName.test(host)
}

/** `127.0.0.1` as an unsigned number; undefined for anything but four decimal bytes. */
function parseV4(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : undefined
}

function isInternalV4(address: number): boolean {
  return internalV4.some(([network, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(address / size) === Math.floor((parseV4(network) ?? 0) / size)
  })
}

/** Eight groups; undefined for what is no address. A zone (`%eth0`) is left out. */
function parseV6(text: string): readonly number[] | undefined {
  const [bare = ''] = text.split('%')
  const tail = /[^:]*\.[^:]*$/.exec(bare)?.[0]
  const v4 = tail === undefined ? undefined : parseV4(tail)
  if (tail !== undefined && v4 === undefined) return undefined
  const hex =
    v4 === undefined
      ? bare
      : `${bare.slice(0, -(tail ?? '').length)}${Math.floor(v4 / 65_536).toString(16)}:${(v4 % 65_536).toString(16)}`
  const halves = hex.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - (rest?.length ?? 0)
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(rest ?? [])]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined
}

/** What cannot be read is taken for internal: nobody should be sent there. */
function isInternalV6(groups: readonly number[] | undefined): boolean {
  if (groups === undefined) return true
  const [a = 0, b = 0, c = 0] = groups
  const embedded = (at: number) => isInternalV4((groups[at] ?? 0) * 65_536 + (groups[at + 1] ?? 0))
  const leading = (count: number) => groups.slice(0, count).every((group) => group === 0)
  // ::/127, IPv4-compatible and IPv4-mapped; translated by NAT64 (RFC 6052) and 6to4 (RFC 3056).
  if (leading(6)) return true
  if (leading(5) && groups[5] === 0xffff) return embedded(6)
  if (a === 0x64 && b === 0xff9b) return c !== 0 || embedded(6)
  if (a === 0x2002) return embedded(1)
  // Unique local, link-local and the former site-local, multicast.
  return (a & 0xfe00) === 0xfc00 || (a & 0xff80) === 0xfe80 || (a & 0xff00) === 0xff00
}
