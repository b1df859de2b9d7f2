import type { CodecName, TrunkMedia } from '@parley/core'
import {
  type DnsPort,
  type Exchange,
  findGateway,
  type GatewayTarget,
  probeConnection,
  type TrunkConfig,
  type TrunkGateway,
  TrunkProbe,
  type TrunkProbeOptions,
} from '@parley/sip'
import { audioSectionOf } from './judge/audio-section.ts'
import { type Finding, sayOn } from './judge/finding.ts'
import { judgeCall } from './judge/judge-call.ts'
import { judgeCapabilities } from './judge/judge-capabilities.ts'
import type { AuthSubject } from './judge/judge-challenge.ts'
import { judgeConnection } from './judge/judge-connection.ts'
import { judgeNames } from './judge/judge-names.ts'
import { judgeOptions, softened } from './judge/judge-options.ts'
import { judgeRegistration } from './judge/judge-registration.ts'
import type { Show } from './judge/shown-text.ts'

export interface TrunkCheckOptions extends TrunkProbeOptions {
  readonly dns: DnsPort
  /** Whether DNS knows the name at all; undefined: nobody could tell. */
  readonly nameExists: (name: string) => Promise<boolean | undefined>
  readonly show: Show
  /** Audio of the trunk. */
  readonly media: TrunkMedia
  /** The number to call and our offer for it. Absent: nobody is called. */
  readonly call?: { readonly number: string; readonly offer: () => Promise<string> }
}

interface GatewayReport {
  /** As configured: `sip.carrier.example:5061 tls`. */
  readonly gateway: string
  readonly findings: readonly Finding[]
}

export interface TrunkReport {
  readonly trunk: string
  readonly gateways: readonly GatewayReport[]
  /** Of the test call, which goes by the first gateway that answers, else by the first that may be there. */
  readonly call: readonly Finding[]
}

export const isWrong = ({ gateways, call }: TrunkReport): boolean =>
  [...gateways.flatMap(({ findings }) => findings), ...call].some(({ verdict }) => verdict === 'wrong')

/** Tests a trunk gateway by gateway and address by address, and places the call if one is wanted. */
export async function checkTrunk(trunk: TrunkConfig, options: TrunkCheckOptions): Promise<TrunkReport> {
  const gateways: GatewayReport[] = []
  const targets: Reached[] = []
  for (const gateway of trunk.gateways) {
    const { findings, reached } = await checkGateway(trunk, gateway, options)
    gateways.push({ gateway: nameOf(gateway), findings })
    targets.push(...reached)
  }
  const best = bestOf(targets)
  const call = await checkCall(trunk, best?.target, options)
  const isSoft = best && !best.isAnswering && call.some(({ cause }) => cause === 'call-through')
  if (!isSoft) return { trunk: trunk.name, gateways, call }
  const address = addressOf(best.target)
  const soft = gateways.map(({ gateway, findings }) => ({ gateway, findings: softened(findings, address) }))
  return { trunk: trunk.name, gateways: soft, call }
}

/** An address that does not refuse us. */
interface Reached {
  readonly target: GatewayTarget
  /** It said anything. */
  readonly isAnswering: boolean
}

const addressOf = ({ hop }: GatewayTarget): string => `${hop.transport} ${hop.host}:${hop.port}`

const nameOf = ({ host, port, transport }: TrunkGateway): string =>
  [port === undefined ? host : `${host}:${port}`, ...(transport ? [transport] : [])].join(' ')

async function checkGateway(trunk: TrunkConfig, gateway: TrunkGateway, options: TrunkCheckOptions) {
  const names = await findGateway(trunk, gateway, options)
  // Requests go to the proxy when there is one.
  const host = trunk.outboundProxy?.replace(/^sips?:/, '').replace(/[;:].*$/, '') ?? gateway.host
  const exists = names.targets.length === 0 ? await options.nameExists(host) : true
  const findings = [...judgeNames(host, names, exists)]
  const reached: Reached[] = []
  for (const target of names.targets) {
    const address = addressOf(target)
    const { found, isThere, isAnswering } = await checkAddress(trunk, target, options)
    findings.push(...found.map((finding) => ({ ...finding, address })))
    if (isThere) reached.push({ target, isAnswering })
  }
  const best = bestOf(reached)
  if (trunk.auth.kind !== 'register' || !best) return { findings, reached }
  const registration = await checkRegistration(trunk, best.target, options)
  const isHeard = best.isAnswering || registration.some(({ cause }) => cause === 'registered')
  if (!isHeard) return { findings: [...findings, ...registration], reached }
  const softer = best.isAnswering ? findings : softened(findings, addressOf(best.target))
  return { findings: [...softer, ...registration], reached: [{ ...best, isAnswering: true }] }
}

/** The first that said anything, else the first. */
const bestOf = (reached: readonly Reached[]) => reached.find(({ isAnswering }) => isAnswering) ?? reached[0]

async function checkAddress(trunk: TrunkConfig, target: GatewayTarget, options: TrunkCheckOptions) {
  const { transport, port } = target.hop
  const connection = await probeConnection(target.hop, options.clock)
  const wallMs = options.clock.wallMs()
  const ownCertificate = trunk.tls?.certFile !== undefined
  const found = [...judgeConnection(connection, { transport, port, ownCertificate, wallMs })]
  if (connection.outcome === 'failed') return { found, isThere: false, isAnswering: false }
  const exchange = await new TrunkProbe(options, trunk, target).ask()
  const isAnswering = exchange.heard.length > 0
  const openTo = isAnswering ? undefined : await otherWay(target.hop, options)
  found.push(...judgeOptions(exchange, { ...subjectOf(trunk, options), ...(openTo && { openTo }) }))
  found.push(...judgeCapabilities(exchange, options.media.codecs, options.show))
  return { found, isThere: true, isAnswering }
}

/** Whether a silent port takes the transport that it is easily mistaken for. */
async function otherWay(hop: GatewayTarget['hop'], { clock }: TrunkCheckOptions): Promise<'tcp' | 'tls' | undefined> {
  if (hop.transport === 'tls') return undefined
  const transport = hop.transport === 'udp' ? 'tcp' : 'tls'
  const { outcome, tlsVersion } = await probeConnection({ ...hop, transport }, clock)
  const isOpen = transport === 'tls' ? tlsVersion !== undefined : outcome === 'open'
  return isOpen ? transport : undefined
}

async function checkRegistration(trunk: TrunkConfig, target: GatewayTarget, options: TrunkCheckOptions) {
  const exchange = await new TrunkProbe(options, trunk, target).register()
  const { username = '', account = username, expiresS = 300 } = trunk.auth
  const address = `${account}@${trunk.fromDomain ?? target.gateway.host}`
  return judgeRegistration(exchange, { auth: authOf(trunk), expiresS, address, show: options.show })
}

async function checkCall(trunk: TrunkConfig, target: GatewayTarget | undefined, options: TrunkCheckOptions) {
  const { call, show } = options
  const say = sayOn('call')
  if (!call) return []
  if (!target) return [say('note', 'not-called', 'Nobody was called: no gateway of the trunk can be reached.')]
  const [first] = trunk.numbers
  const caller = typeof first === 'string' ? first : (first?.number ?? '')
  const offer = await call.offer()
  const exchange: Exchange | undefined = await new TrunkProbe(options, trunk, target).call(
    { callee: call.number, caller },
    offer,
  )
  if (!exchange) {
    const text = `${show(call.number)} cannot be called from ${show(caller)}: one of them is no number once it is rewritten.`
    return [say('wrong', 'number-not-dialable', text, 'Check rewrite.called, rewrite.from and prefix.')]
  }
  const offered = audioSectionOf(offer) ?? { protocol: 'RTP/AVP', port: 0, codecs: [] as CodecName[], isSecure: false }
  return judgeCall(exchange, { auth: authOf(trunk), offered, show })
}

function authOf({ auth }: TrunkConfig): AuthSubject {
  return { kind: auth.kind, ...(auth.realm === undefined ? {} : { realm: auth.realm }) }
}

const subjectOf = (trunk: TrunkConfig, { advertisedHost, show }: TrunkCheckOptions) => ({
  auth: authOf(trunk),
  advertised: trunk.advertised?.host ?? advertisedHost,
  show,
})
