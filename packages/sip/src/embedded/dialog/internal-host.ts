import { BlockList, isIP } from 'node:net'

const internal = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  internal.addSubnet(net, bits, 'ipv4')
}
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  internal.addSubnet(net, bits, 'ipv6')
}

/**
 * True for a host that nobody on the public network can mean: private, loopback, link-local and multicast addresses,
 * numbers that only resolvers take for addresses (`127.1`, `0x7f000001`), names without a dot and of internal zones.
 *
 * Names are not resolved here: one of the public zone that leads inside is not found out.
 * @see RFC 1918, RFC 6598, RFC 6890, RFC 6762 (`.local`), RFC 6761 (`.localhost`)
 */
export function isInternalHost(host: string): boolean {
  const version = isIP(host)
  if (version !== 0) return internal.check(host, version === 6 ? 'ipv6' : 'ipv4')
  return !host.includes('.') || /(^|\.)(\d+|0x[0-9a-f]*|local|localhost|internal)\.?$/i.test(host)
}
