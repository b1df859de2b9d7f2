import type {
  AgentBook,
  ApplicationId,
  CallControl,
  CallIntake,
  CallRecords,
  Campaigns,
  Clock,
  Logger,
  Random,
  TrunkRegistry,
  TurnDefaults,
} from '@parley/core'
import type { z } from 'zod'
import { ApiError, type ApiErrorCode } from '../answer/api-error.ts'
import type { ApiNumber, ApiSkillGroup, SkillGroupDesk } from '../api-options.ts'
import { ownSkillGroups } from '../assistant/own-skill-groups.ts'
import type { ExtensionServices } from '../extension-services.ts'
import type { SignedLinks } from '../files/signed-links.ts'
import { coerceTexts } from '../parameters/coerce-texts.ts'
import { validate } from '../parameters/validate.ts'
import type { SoundServices } from '../sounds/sound-services.ts'

/** What actions work with; the same for all requests. */
export interface ActionServices {
  readonly intake: CallIntake
  readonly records: CallRecords
  readonly control: Pick<CallControl, 'say' | 'ask' | 'hangup' | 'transfer'>
  readonly skillGroups: readonly ApiSkillGroup[]
  readonly skillGroupDesk: SkillGroupDesk
  readonly links: SignedLinks
  readonly clock: Clock
  readonly random: Random
  readonly sounds: SoundServices
  readonly allowPrivateUrls: boolean
  readonly turnDefaults: TurnDefaults
  readonly campaigns: Campaigns
  /** Time zone of whoever names none; IANA name. */
  readonly defaultZone: string
  readonly agents: AgentBook
  /** Undefined: there are no extensions. */
  readonly extensions?: ExtensionServices | undefined
  readonly registry: TrunkRegistry
  readonly numbers: (applicationId: ApplicationId) => Promise<readonly ApiNumber[]>
}

/** One authenticated request. */
export interface ActionContext extends ActionServices {
  readonly applicationId: ApplicationId
  /** Those of the application. */
  readonly skillGroups: readonly ApiSkillGroup[]
  /** Unix ms of the request. */
  readonly wallMs: number
  /** Origin for addresses in the answer, e.g. `https://calls.example.com`. */
  readonly origin: string
  /** Header `X-Idempotency-Key`. */
  readonly idempotencyKey: string | undefined
  readonly logger: Logger
}

/** One authenticated request of an action that names no application, or several. */
interface KeyContext extends Omit<ActionContext, 'applicationId'> {
  /** Those the key may act for. */
  readonly applications: ReadonlySet<ApplicationId>
}

/** Decoded, not yet validated. `flat`: from a query or form, all values are texts. */
export interface RawParameters {
  readonly encoding: 'json' | 'flat'
  readonly values: Readonly<Record<string, unknown>>
}

interface ActionDefinition<Schema extends z.ZodObject<{ SdkAppId: z.ZodType<number> }>> {
  readonly name: string
  readonly parameters: Schema
  /** Code for an application that is not the key's; older actions have another than newer ones. */
  readonly instanceNotExist?: ApiErrorCode
  /** Members of `Response` but for `RequestId`. */
  run(parameters: z.output<Schema>, context: ActionContext): Promise<Readonly<Record<string, unknown>>>
}

export interface Action {
  readonly name: string
  /** Names of the top-level parameters. */
  readonly parameterNames: ReadonlySet<string>
  /** @throws ApiError, and whatever the ports throw */
  run(
    raw: RawParameters,
    applications: ReadonlySet<ApplicationId>,
    context: Omit<ActionContext, 'applicationId'>,
  ): Promise<Readonly<Record<string, unknown>>>
}

/** An action on one application, which `SdkAppId` names. */
export function defineAction<Schema extends z.ZodObject<{ SdkAppId: z.ZodType<number> }>>(
  definition: ActionDefinition<Schema>,
): Action {
  const { name, parameters, instanceNotExist } = definition
  return defineKeyAction({
    name,
    parameters,
    async run(parameters, { applications, ...context }) {
      const [applicationId] = ownedApplications([parameters.SdkAppId], applications, instanceNotExist)
      if (applicationId === undefined) throw new ApiError('InternalError')
      const skillGroups = ownSkillGroups(context.skillGroups, applicationId)
      return definition.run(parameters, { ...context, applicationId, skillGroups })
    },
  })
}

interface KeyActionDefinition<Schema extends z.ZodObject> {
  readonly name: string
  readonly parameters: Schema
  run(parameters: z.output<Schema>, context: KeyContext): Promise<Readonly<Record<string, unknown>>>
}

/** An action that names its applications in a way of its own. */
export function defineKeyAction<Schema extends z.ZodObject>(definition: KeyActionDefinition<Schema>): Action {
  const { name, parameters: schema } = definition
  return {
    name,
    parameterNames: new Set(Object.keys(schema.shape)),
    async run(raw, applications, context) {
      const values = raw.encoding === 'flat' ? coerceTexts(schema, raw.values) : raw.values
      return definition.run(validate(schema, values), { ...context, applications })
    },
  }
}

/**
 * The named applications, each of which must be the key's.
 *
 * @throws ApiError `code`
 */
export function ownedApplications(
  named: readonly number[],
  applications: ReadonlySet<ApplicationId>,
  code: ApiErrorCode = 'InvalidParameterValue.InstanceNotExist',
): readonly ApplicationId[] {
  return named.map((id) => {
    const owned = [...applications].find((application) => application === id)
    if (owned === undefined) throw new ApiError(code)
    return owned
  })
}
