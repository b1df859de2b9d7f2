import type {
  AgentBook,
  ApplicationId,
  ApplicationRegistry,
  AuditLog,
  CallControl,
  CallErasure,
  CallEventLog,
  CallIntake,
  CallRecords,
  Campaigns,
  Clock,
  DoNotCallList,
  KeyDirectory,
  Logger,
  PushOutbox,
  Random,
  RecordingStore,
  Role,
  Secret,
  SkillGroupBook,
  SkillGroupSettings,
  TurnDefaults,
  WantedTarget,
  WebhookBook,
} from '@parley/core'
import type { LiveFeed } from './events/live-feed.ts'
import type { ExtensionServices } from './extension-services.ts'
import type { Readiness } from './health-routes.ts'
import type { MetricsAccess } from './metrics-route.ts'
import type { SoundServices } from './sounds/sound-services.ts'
import type { TrunkManagement } from './trunks/trunk-management.ts'

/** A pair of API keys. `token` belongs to temporary keys and must then come with each request. */
export interface ApiKey {
  readonly secretId: string
  readonly secretKey: Secret
  readonly token?: string
  /** Default `admin`. */
  readonly role?: Role
}

/** A tenant and the keys that may act for it. One key may serve several applications. */
export interface ApiApplication {
  readonly applicationId: ApplicationId
  readonly keys: readonly ApiKey[]
}

/** A caller number as `DescribeNumbers` shows it. */
export interface ApiNumber {
  readonly number: string
  readonly suspended?: boolean
  /** Bound to it. */
  readonly skillGroupIds?: readonly number[]
}

/** People a call can be handed to. */
export interface ApiSkillGroup {
  readonly id: number
  readonly name: string
  /** Whose calls may be handed to it. Undefined: everybody's. */
  readonly applicationIds?: readonly ApplicationId[]
}

/** Skill groups that are made and changed while the engine runs. */
export interface SkillGroupDesk {
  readonly book: SkillGroupBook
  /** Those of the configuration, of all applications. */
  readonly declared: readonly (ApiSkillGroup & Partial<SkillGroupSettings>)[]
  /** All of this moment. */
  readonly current: readonly ApiSkillGroup[]
  /** Makes this process know what was changed. */
  refresh(): Promise<void>
  /** What is wrong with targets of a group of this application. */
  check(
    owner: ApplicationId,
    targets: readonly WantedTarget[],
  ): readonly { readonly index: number; readonly field: string; readonly detail: string }[]
}

/** What is managed by `/v1` and kept in the database. */
export interface Management {
  readonly applications: ApplicationRegistry
  readonly keys: KeyDirectory
  readonly audit: AuditLog
}

export interface ApiOptions {
  readonly applications: readonly ApiApplication[]
  readonly intake: CallIntake
  readonly records: CallRecords
  readonly recordings: RecordingStore
  readonly control: Pick<CallControl, 'say' | 'ask' | 'hangup' | 'transfer' | 'press' | 'pauseRecording'>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Key of the HMAC in recording and transcript addresses; at least 16 bytes, the same in all processes of a house. */
  readonly urlSigningKey: Uint8Array
  /** Origin under which the world reaches this server, e.g. `https://calls.example.com`. Undefined: taken from `Host`. */
  readonly publicUrl?: string
  /** Further host names (with port where it is not the default) that clients may have signed. */
  readonly publicHosts?: readonly string[]
  /** Accept `X-TC-Content-SHA256: UNSIGNED-PAYLOAD`, which leaves the body unprotected. Default false. */
  readonly acceptUnsignedPayload?: boolean
  /** Believe `X-Forwarded-Host` and `X-Forwarded-Proto`. Only behind a proxy that sets them. Default false. */
  readonly trustProxy?: boolean
  /** Accept model addresses that name loopback, private or link-local hosts. Default false. */
  readonly allowPrivateUrls?: boolean
  /** Turn-taking of calls where the request says nothing. Default: that of `core`. */
  readonly turnDefaults?: TurnDefaults
  /** Caller numbers of an application. */
  readonly numbers: (applicationId: ApplicationId) => Promise<readonly ApiNumber[]>
  /** Stored agents. */
  readonly agents: AgentBook
  /** Pushes that failed. */
  readonly pushes: PushOutbox
  /** Receivers of pushes. */
  readonly webhooks: WebhookBook
  /** Trunks and numbers that are managed at run time. */
  readonly trunks: TrunkManagement
  readonly campaigns: Campaigns
  readonly doNotCall: DoNotCallList
  /** Time zone of whoever names none; IANA name. Default `UTC`. */
  readonly defaultZone?: string
  /** Files to be played. */
  readonly sounds: SoundServices
  /** Undefined: actions on extensions are not available. */
  readonly extensions?: ExtensionServices
  readonly erasure: CallErasure
  /** What `/readyz` answers. */
  readonly readiness: () => Promise<Readiness>
  readonly eventLog: CallEventLog
  readonly liveEvents: LiveFeed
  readonly skillGroupDesk: SkillGroupDesk
  readonly management: Management
  /** Bearer token for the whole installation. Undefined: nobody has it. */
  readonly adminToken?: Secret
  /** Undefined: there is no `/metrics`. */
  readonly metrics?: MetricsAccess
}

export interface Listening {
  readonly port: number
}
