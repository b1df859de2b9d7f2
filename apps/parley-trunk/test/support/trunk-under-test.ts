import type { TrunkMedia } from '@parley/core'
import { createLogger, systemClock, systemRandom } from '@parley/runtime'
import { type DnsPort, nodeDns, type TrunkConfig } from '@parley/sip'
import { checkTrunk, type TrunkReport } from '../../src/check-trunk.ts'
import type { Finding } from '../../src/judge/finding.ts'
import { shownText } from '../../src/judge/shown-text.ts'
import { offerOf } from '../../src/media-offer.ts'

export const ourNumber = '+8675500000001'

const media: TrunkMedia = { codecs: ['PCMA', 'PCMU'] }

/** A trunk to one gateway on this machine. */
export function trunkTo(
  port: number,
  more: Partial<TrunkConfig> & { readonly transport?: 'tcp' | 'tls' } = {},
): TrunkConfig {
  const { transport = 'udp', ...others } = more
  return {
    name: 'carrier',
    gateways: [{ host: '127.0.0.1', port, transport }],
    auth: { kind: 'none' },
    numbers: [ourNumber],
    ...others,
  }
}

/** The check as the command does it. `call`: number to call; `dns`: instead of that of the machine. */
export function check(
  trunk: TrunkConfig,
  more: { readonly call?: string; readonly dns?: DnsPort; readonly srtp?: TrunkMedia['srtp'] } = {},
): Promise<TrunkReport> {
  const { call: number, dns = nodeDns(), srtp = 'off' } = more
  const shared = {
    clock: systemClock,
    random: systemRandom,
    logger: createLogger({ level: 'silent', personalData: false }),
    advertisedHost: '127.0.0.1',
    media: { ...media, srtp },
  }
  const offer = () => offerOf({ ...shared, bindHost: '127.0.0.1', rtpPorts: { min: 46_000, max: 46_099 } })
  return checkTrunk(trunk, {
    ...shared,
    bind: { host: '127.0.0.1', port: 0 },
    userAgent: 'Parley',
    dns,
    nameExists: async () => false,
    show: shownText(false),
    ...(number === undefined ? {} : { call: { number, offer } }),
  })
}

export const findingsOf = ({ gateways, call }: TrunkReport): readonly Finding[] => [
  ...gateways.flatMap(({ findings }) => findings),
  ...call,
]

/** `names no-such-name` */
export const wrongsOf = (report: TrunkReport): readonly string[] =>
  findingsOf(report).flatMap(({ verdict, step, cause }) => (verdict === 'wrong' ? [`${step} ${cause}`] : []))

export const textOf = (report: TrunkReport, cause: string): string =>
  findingsOf(report)
    .filter((finding) => finding.cause === cause)
    .map(({ text, advice = '' }) => `${text} ${advice}`)
    .join('\n')
