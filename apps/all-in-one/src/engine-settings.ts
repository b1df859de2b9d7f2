import { availableParallelism } from 'node:os'
import {
  type ApplicationId,
  applicationId,
  type CareRules,
  type PrivacyRules,
  type Role,
  Secret,
  type SkillGroup,
  type TurnDefaults,
  turnDefaults,
} from '@parley/core'
import type { SpeechChoice } from '@parley/providers'
import { type Config, type ConfigFile, privacyDefaults } from '@parley/runtime'
import type { Identity } from './data-directory.ts'
import { skillGroupsOf } from './skill-groups.ts'

type Trunk = ConfigFile['trunks'][number]

/** Applications, trunks, speech and turn-taking of this start: those of the file, or the demo's. */
export interface House {
  readonly applications: readonly {
    readonly applicationId: ApplicationId
    readonly name?: string
    readonly keys: readonly { readonly secretId: string; readonly secretKey: Secret; readonly role?: Role }[]
  }[]
  readonly trunks: readonly Trunk[]
  readonly speech: SpeechChoice
  readonly endOfTurn?: NonNullable<ConfigFile['speech']['endOfTurn']>
  readonly turnTaking: TurnDefaults
  /** Ask a slow language model twice. */
  readonly hedge?: boolean
  /** Who takes calls to numbers that name no assistant. */
  readonly inbound?: NonNullable<ConfigFile['inbound']>
  readonly skillGroups: readonly SkillGroup[]
  /** Left to answering machines. */
  readonly machineMessage?: string
  readonly assistants?: ConfigFile['assistants']
  /** Who is told of calls. */
  readonly webhooks: ConfigFile['webhooks']
  /** Outgoing calls: days, lists, rules. */
  readonly dialing: Pick<ConfigFile, 'calendar' | 'doNotCall' | 'outboundRules'>
  /** What becomes of calls that are over. */
  readonly care: readonly CareRules[]
  /** What is not stored or shown of them. */
  readonly privacyOf: (applicationId: ApplicationId) => PrivacyRules | undefined
  /** Stored agents of the file. */
  readonly agents?: ConfigFile['agents']
}

export function houseOfFile(file: ConfigFile): House {
  return {
    applications: file.applications.map(({ sdkAppId, name, keys }) => ({
      applicationId: applicationId(sdkAppId),
      name,
      keys: keys.map(({ secretId, secretKey, role }) => ({ secretId, secretKey: new Secret(secretKey), role })),
    })),
    trunks: file.trunks,
    speech: {
      recognizer: wrapped(file.speech.recognizer),
      synthesizer: wrapped(file.speech.synthesizer),
      phraseCacheBytes: file.speech.phraseCacheMb * 1_000_000,
    },
    ...(file.speech.endOfTurn ? { endOfTurn: file.speech.endOfTurn } : {}),
    turnTaking: turnTakingOf(file.turnTaking),
    hedge: file.llm.hedge,
    ...(file.inbound ? { inbound: file.inbound } : {}),
    skillGroups: skillGroupsOf(file),
    ...(file.answeringMachine ? { machineMessage: file.answeringMachine.message } : {}),
    assistants: file.assistants,
    webhooks: file.webhooks,
    dialing: file,
    privacyOf: (id) => {
      const { privacy } = file.applications.find(({ sdkAppId }) => sdkAppId === id) ?? {}
      return { ...privacyDefaults, ...file.privacy, ...privacy }
    },
    care: [
      // Of applications that the API makes.
      { applicationId: applicationId(0), format: file.recordings.format, retention: file.retention },
      ...file.applications.map(({ sdkAppId, recordings, retention }) => ({
        applicationId: applicationId(sdkAppId),
        format: recordings.format ?? file.recordings.format,
        retention: { ...file.retention, ...retention },
      })),
    ],
    agents: file.agents,
  }
}

/** Time-out and interrupting speech are the call's; the configuration has the rest. */
function turnTakingOf(set: ConfigFile['turnTaking']): TurnDefaults {
  return {
    ...set,
    endpointing: { ...turnDefaults.endpointing, ...set.endpointing },
    bargeIn: { ...turnDefaults.bargeIn, ...set.bargeIn },
  }
}

/** The same, with its key where no log can show it. */
function wrapped<T extends { readonly kind: 'embedded' } | { readonly kind: string; readonly apiKey: string }>(
  choice: T,
): Sealed<T> {
  return ('apiKey' in choice ? { ...choice, apiKey: new Secret(choice.apiKey) } : choice) as Sealed<T>
}

type Sealed<T> = T extends { readonly apiKey: string } ? Omit<T, 'apiKey'> & { readonly apiKey: Secret } : T

/** Number of the demo trunk; the simulated phone calls it, and it calls the simulated phone. */
const demoNumber = '+8675500000001'

/** One application with the keys of this installation, and a trunk to the simulated phone. */
export function demoHouse(demo: Identity['demo'], phone: { readonly host: string; readonly port: number }): House {
  return {
    applications: [
      {
        applicationId: applicationId(demo.sdkAppId),
        keys: [{ secretId: demo.secretId, secretKey: new Secret(demo.secretKey) }],
      },
    ],
    trunks: [
      {
        name: 'simulated-phone',
        gateways: [{ host: phone.host, port: phone.port, transport: 'udp' }],
        auth: { kind: 'none' },
        numbers: [{ number: demoNumber }],
        limits: { maxConcurrent: 100, maxCps: 50 },
      },
    ],
    speech: { recognizer: { kind: 'embedded' }, synthesizer: { kind: 'embedded' } },
    turnTaking: turnDefaults,
    skillGroups: [],
    webhooks: [],
    dialing: { calendar: { timeZone: 'UTC', holidays: [], workingDays: [] }, doNotCall: [], outboundRules: [] },
    care: [],
    privacyOf: () => undefined,
  }
}

/** One thread per core but one, at least one, unless set. */
export function mediaWorkerCount(config: Config): number {
  return config.settings.PARLEY_MEDIA_WORKERS || Math.max(1, availableParallelism() - 1)
}
