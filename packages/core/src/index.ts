export type {
  AfterCallJob,
  AfterCallJobs,
  AfterCallPlan,
  AfterCallReport,
  AfterCallResult,
  CallAnalysis,
  CallTag,
  ExtractedValue,
  ExtractField,
  TagRule,
} from './after-call.ts'
export type {
  AskRequest,
  AssistantSpec,
  BargeInPolicy,
  CallAgent,
  ConversationEnd,
  EndpointingPolicy,
  GreetingSpec,
  ModelSpec,
  RecognitionSpec,
  SayRequest,
  SpeculationPolicy,
  ToolSpec,
  TurnDefaults,
  TurnPolicy,
  VoiceSpec,
} from './assistant.ts'
export { endpointingWithin, Secret, turnDefaults } from './assistant.ts'
export type { CallDirection, CallLimits, CallOutcome, CallSpec, CallState, Party, UnansweredReason } from './call.ts'
export type { CallControl } from './call-control.ts'
export type { CallInInterface } from './call-in.ts'
export type { CallQuality } from './call-quality.ts'
export type {
  Calendar,
  CallbackAuth,
  CalleeProgress,
  CalleeState,
  CallingWindow,
  Campaign,
  CampaignAttempt,
  CampaignCallback,
  CampaignCallbacks,
  CampaignCallee,
  CampaignCommand,
  CampaignPlacement,
  CampaignPlan,
  CampaignProgress,
  CampaignReason,
  CampaignState,
  Campaigns,
  CampaignTrigger,
  DayRange,
  DayRule,
  NewCampaign,
} from './campaigns.ts'
export { Channel, type FullPolicy } from './channel.ts'
export { type Clock, type Random, waitUntil } from './clock.ts'
export { assertInTime } from './dial-deadline.ts'
export {
  type DialGate,
  type DialRefusal,
  type DoNotCallEntry,
  type DoNotCallList,
  dialRefusalCodes,
  type OutboundRules,
} from './dial-rules.ts'
export {
  type CallErasure,
  type DueForErasure,
  type ErasureKind,
  erasureKinds,
  type RetentionRules,
} from './erasure.ts'
export { type ErrorCode, errorTable, toVoiceError, VoiceError, type VoiceErrorOptions } from './errors.ts'
export {
  type Extension,
  type ExtensionAccount,
  type ExtensionBook,
  type ExtensionSettings,
  extensionDomain,
  extensionForm,
  extensionTrunk,
} from './extensions.ts'
export type { ApplicationId, CallId, Generation, LegId, TurnId } from './ids.ts'
export { applicationId, callId, generation, legId, turnId } from './ids.ts'
export { isInternalHost } from './internal-host.ts'
export type { CallEvent, CallEventBody, CallJournal, RecordingFact, SpeechSource, TalkFault } from './journal.ts'
export { type LogFields, type Logger, silentLogger } from './logger.ts'
export {
  type ActingKey,
  type Application,
  type ApplicationRegistry,
  type AuditEntry,
  type AuditLog,
  type Change,
  type ExpectedVersion,
  type KeyDirectory,
  type KeyFacts,
  type NewKey,
  type Role,
  roles,
} from './management.ts'
export type {
  AmbienceSpec,
  CodecName,
  EarlySound,
  MediaEngine,
  MediaEvent,
  MediaOptions,
  MediaStream,
  PcmChunk,
  Playout,
  ReofferResult,
  RtpStatistics,
  ToneName,
  TrunkMedia,
} from './media.ts'
export { complianceToneMs, frameMs, frameSamples, sampleRateHz } from './media.ts'
export type { PrivacyRules } from './privacy.ts'
export type {
  ChatMessage,
  ChatModel,
  EndOfTurnModel,
  ProviderCatalog,
  RecognizerInput,
  ReplyDelta,
  ReplyOptions,
  SpeechChunk,
  SpeechRecognizer,
  SpeechSynthesizer,
  Transcript,
  TurnHint,
  WordTiming,
} from './providers.ts'
export type {
  CallPush,
  CampaignPush,
  DeadPush,
  DuePush,
  HttpAnswer,
  HttpPost,
  HttpPostRequest,
  PushEvent,
  PushOutbox,
  PushResult,
  PushRoute,
  PushTransport,
  TestPush,
} from './pushes.ts'
export type { CareRules, RecordingBacklog, RecordingEncoder } from './recording-care.ts'
export { type RecordingFormat, recordingFormatOf, recordingFormats } from './recording-format.ts'
export type {
  CallEventLog,
  CallIntake,
  CallPageQuery,
  CallQuery,
  CallRecord,
  CallRecords,
  EventPosition,
  IntakeAcceptance,
  IntakeRefusal,
  NewCall,
  RecordingStore,
  TalkMinutes,
  TranscriptLine,
} from './records.ts'
export type {
  DialRequest,
  IncomingInvite,
  InviteDecision,
  InviteHandler,
  LegCommand,
  LegEvent,
  Signalling,
  SignallingMessage,
} from './signalling.ts'
export {
  type SkillGroupBook,
  type SkillGroupSettings,
  type StoredSkillGroup,
  skillGroupDefaults,
  targetForms,
  type WantedTarget,
} from './skill-group-book.ts'
export {
  type FetchedFile,
  type FetchFile,
  maxSoundMs,
  type NewSound,
  type Sound,
  type SoundDecoder,
  type SoundLibrary,
  type SoundQuery,
} from './sounds.ts'
export {
  type AgentBook,
  type AgentChange,
  type AgentChangeResult,
  type AgentDraft,
  type AgentRecord,
  type AgentVersion,
  type DeclaredAgent,
  firstMadeAgentId,
  type StoredAgent,
  type StoredAgents,
} from './stored-agents.ts'
export type { SkillGroup, TransferAttempt, TransferFailure, TransferRequester, TransferTarget } from './transfer.ts'
export type { TransferLine, TrunkLines } from './trunk-lines.ts'
export type {
  ManagedNumber,
  ManagedTrunk,
  NewNumber,
  NumberSettings,
  Registered,
  RegistryPage,
  RegistryRefusal,
  RunTimeTrunk,
  TrunkRegistry,
  TrunkSettings,
  TrunkSnapshot,
} from './trunk-registry.ts'
export type { TurnTimings } from './turn-timings.ts'
export {
  type ActingWebhook,
  basicUsernameForm,
  cccActions,
  type Delivery,
  type DeliveryPlace,
  isWebhookAddress,
  type NewWebhook,
  standardEvents,
  type Webhook,
  type WebhookBook,
  type WebhookChange,
  type WebhookFormat,
  type WebhookSettings,
  type WebhookTarget,
  webhookRetryDelaysMs,
  webhookTimeoutMs,
} from './webhooks.ts'
