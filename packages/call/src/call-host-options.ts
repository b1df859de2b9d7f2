import type {
  ApplicationId,
  AssistantSpec,
  CallJournal,
  CallSpec,
  Clock,
  Logger,
  MediaEngine,
  PrivacyRules,
  ProviderCatalog,
  Random,
  RecordingStore,
  Signalling,
  SkillGroup,
  TrunkLines,
  TrunkMedia,
} from '@parley/core'

/** What a host needs to carry calls. */
export interface CallHostOptions {
  readonly media: MediaEngine
  readonly signalling: Signalling
  /** Asked before a human is called. */
  readonly lines: TrunkLines
  readonly providers: ProviderCatalog
  readonly journal: CallJournal
  readonly recordings: Pick<RecordingStore, 'pathFor' | 'stat'>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Address put into SDP. */
  readonly advertisedHost: string
  /** By name of the trunk. */
  readonly mediaOf: (trunk: string) => TrunkMedia
  readonly maxCalls: number
  /** Who may be asked to take calls over. */
  readonly skillGroups: readonly SkillGroup[]
  /**
   * The stored agent of this number as it is in this call, `agent` set, filled in with the call's variables. Undefined: there
   * is none. Absent: there are no agents.
   */
  readonly agents?: (
    call: Pick<CallSpec, 'callId' | 'applicationId'> & Pick<AssistantSpec, 'variables'>,
    agentId: number,
  ) => Promise<AssistantSpec | undefined>
  /** Told what the recogniser makes of a caller's words, again and again while they are spoken. Must return at once. */
  readonly onUserWords?: (call: Pick<CallSpec, 'callId' | 'applicationId'>, text: string) => void
  /** What of an application's calls may not be stored or shown. Absent: nothing is held back but pauses of the recording. */
  readonly privacyOf?: (applicationId: ApplicationId) => PrivacyRules | undefined
  /** Do calls that say nothing of it begin with the tone that marks a machine's speech? Default false. */
  readonly complianceTone?: boolean
  /** Left to answering machines where calls look for them. Absent: such calls are hung up. */
  readonly machineMessage?: string
}
