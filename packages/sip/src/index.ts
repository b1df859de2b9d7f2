export {
  createSignalling,
  type SignallingOptions,
  type SipSignalling,
  type TlsListenerOptions,
} from './create-signalling.ts'
export type { GatewayState } from './gateway-health.ts'
export type { DnsAnswer, DnsPort, NaptrRecord, SrvRecord } from './resolve/dns-port.ts'
export type { SipStackCounters } from './sip-stack.ts'
export type { TrunkAuth, TrunkConfig, TrunkGateway } from './trunk-config.ts'
export type { TrunkProfile, TrunkTls } from './trunk-profile.ts'
