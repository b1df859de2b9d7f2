export {
  createSignalling,
  type SignallingOptions,
  type SipSignalling,
  type TlsListenerOptions,
} from './create-signalling.ts'
export type { GatewayState } from './gateway-health.ts'
export { refusalOf } from './inbound-refusal.ts'
export { hideMiddle, maskNumbers } from './ladder/mask-message.ts'
export type { PhoneAccount, PhoneState } from './phones/phone-account.ts'
export { type CertificateFacts, type ConnectionFacts, probeConnection } from './probe/connection-probe.ts'
export type { HeardChallenge, HeardResponse, SentRequest } from './probe/heard-message.ts'
export { findGateway, type NameFacts, type NameQuestion } from './probe/name-probe.ts'
export { type Exchange, TrunkProbe, type TrunkProbeOptions } from './probe/trunk-probe.ts'
export type { DnsAnswer, DnsPort, NaptrRecord, SrvRecord } from './resolve/dns-port.ts'
export type { GatewayTarget } from './resolve/gateway-directory.ts'
export { nodeDns } from './resolve/node-dns.ts'
export type { SipStackCounters } from './sip-stack.ts'
export type { TrunkAuth, TrunkConfig, TrunkGateway, TrunkNumber, TrunkTls } from './trunk-config.ts'
