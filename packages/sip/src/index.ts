export {
  createSignalling,
  type SignallingOptions,
  type SipSignalling,
  type TlsListenerOptions,
} from './create-signalling.ts'
export type { SipStackCounters } from './sip-stack.ts'
export type { TrunkAuth, TrunkConfig, TrunkGateway } from './trunk-config.ts'
export type { TrunkProfile, TrunkTls } from './trunk-profile.ts'
