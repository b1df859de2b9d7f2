export {
  createSignalling,
  type SignallingOptions,
  type SipSignalling,
  type TlsListenerOptions,
} from './create-signalling.ts'
export type { GatewayState } from './gateway-health.ts'
export { refusalOf } from './inbound-refusal.ts'
export type { DnsAnswer, DnsPort, NaptrRecord, SrvRecord } from './resolve/dns-port.ts'
export type { SipStackCounters } from './sip-stack.ts'
export type { TrunkAuth, TrunkConfig, TrunkGateway, TrunkNumber, TrunkTls } from './trunk-config.ts'
