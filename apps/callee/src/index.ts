export type { CallReport } from './call-report.ts'
export type { CallRole, Outcome, PhoneEvent } from './call-state.ts'
export type { DigestAccount, DigestCredentials } from './digest.ts'
export type { HeardSegment, StepMeasure } from './measures.ts'
export {
  type InviteFacts,
  type Phone,
  type PhoneCall,
  type PhoneOptions,
  type PlaceCallOptions,
  type ScriptSource,
  startPhone,
} from './phone.ts'
export { parseScript, type Script, type ScriptInput } from './script.ts'
export type { SipLogLine } from './sip-trace.ts'
