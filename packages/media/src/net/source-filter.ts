import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { VoiceError } from '@parley/core'

/**
 * The addresses RTP and RTCP may come from. Without ranges: any. The last answer is kept, so a stream costs one comparison
 * a packet.
 */
export class SourceFilter {
  private readonly ranges: BlockList | undefined
  private lastHost = ''
  private lastVerdict = false

  /** `sources`: addresses or CIDR ranges, IPv4 or IPv6. @throws VoiceError CONFIG_INVALID */
  constructor(sources: readonly string[] | undefined) {
    if (sources === undefined) return
    this.ranges = new BlockList()
    for (const source of sources) addRange(this.ranges, source)
  }

  /** `host`: an address literal, IPv4 not mapped into IPv6. */
  admits(host: string): boolean {
    if (!this.ranges) return true
    if (host === this.lastHost) return this.lastVerdict
    this.lastHost = host
    this.lastVerdict = this.ranges.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')
    return this.lastVerdict
  }
}

function addRange(ranges: BlockList, source: string): void {
  const [address = '', prefix, ...rest] = source.split('/')
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
  const longest = family === 'ipv4' ? 32 : 128
  const bits = prefix === undefined ? longest : Number(prefix)
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && bits <= longest)
  if (family === undefined || rest.length > 0 || !isPrefix) {
    throw new VoiceError('CONFIG_INVALID', { detail: `media source ${source} is no address or CIDR range` })
  }
  ranges.addSubnet(address, bits, family)
}
