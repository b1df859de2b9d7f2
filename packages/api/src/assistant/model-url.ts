import { BlockList, isIP } from 'node:net'
import { invalidValue } from '../answer/parameter-errors.ts'

const privateRanges = new BlockList()
for (const [network, prefix] of [
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
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv6')
}

const privateNames = /(^|\.)(localhost|local|internal|lan|home\.arpa)\.?$/

/**
 * Checks an address the engine will be sent to by a caller of the API.
 *
 * NOTE: names are judged by their text. A public name that resolves to a private address passes; who cannot have that
 * must filter at the network.
 *
 * @throws ApiError InvalidParameterValue
 */
export function assertModelUrl(path: string, text: string, allowPrivate: boolean): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalidValue(path, { en: 'must be an http or https address', zh: '必须为 http 或 https 地址' })
  }
  if (url.username || url.password) {
    throw invalidValue(path, { en: 'must not hold a user name or password', zh: '不得包含用户名或密码' })
  }
  if (!allowPrivate && isPrivateHost(url.hostname)) {
    throw invalidValue(path, { en: 'must not name a private address', zh: '不得为内网地址' })
  }
}

/** `host` as `URL.hostname` gives it: numbers in any notation are dotted by then. */
function isPrivateHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '')
  if (isIP(address) === 4) return privateRanges.check(address, 'ipv4')
  // `BlockList` judges IPv4-mapped addresses by the IPv4 rules.
  if (isIP(address) === 6) return privateRanges.check(address, 'ipv6')
  return privateNames.test(host) || !host.includes('.')
}
