export { createSignalling, type SignallingOptions, type SipSignalling } from './create-signalling.ts'
export { refusalOf } from './inbound-refusal.ts'
export type { SipStackCounters } from './sip-stack.ts'
export type { TrunkAuth, TrunkConfig, TrunkGateway, TrunkNumber } from './trunk-config.ts'
