import { type AgentDraft, Secret, type StoredAgent, type TagRule } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { assertAssistant } from '../assistant/assert-assistant.ts'
import { createAiCallParameters } from '../assistant/create-ai-call-parameters.ts'
import { text, texts } from '../parameters/fields.ts'
import { validate } from '../parameters/validate.ts'

const tags = z
  .array(
    z.strictObject({
      TagName: text().min(1).max(100),
      TagDescription: text().max(2_000).optional(),
      TagValues: texts().min(1).max(100),
    }),
  )
  .max(50)
  .refine((items) => new Set(items.map(({ TagName }) => TagName)).size === items.length, {
    params: { en: 'must have a different TagName in each element', zh: '中的 TagName 不得重复' },
  })

/** What an agent keeps: the fields of `CreateAICall` but for who calls whom for whom, and `Tags`. Nothing else. */
const agentSettings = createAiCallParameters
  .omit({ SdkAppId: true, Callee: true, Callers: true })
  .extend({ Tags: tags.optional() })
  .strict()

export type AgentSettings = z.output<typeof agentSettings>

/** Fields that are sealed and never shown: they are credentials, or free-form texts that people put credentials into. */
export const secretFields = ['APIKey', 'CustomTTSConfig', 'CustomSTTConfig', 'LLMExtraBody'] as const

/**
 * What a version of an agent says, checked as `CreateAICall` checks its fields. Whether the skill groups and agents it names
 * are there is asked when it is used.
 *
 * @throws ApiError MissingParameter, InvalidParameter, InvalidParameterValue naming the field
 */
export function agentDraft(name: string, fields: unknown, allowPrivateUrls: boolean): AgentDraft {
  const settings: Record<string, unknown> = checked(fields, allowPrivateUrls)
  const secrets: Record<string, Secret> = {}
  for (const field of secretFields) {
    const value = settings[field]
    delete settings[field]
    if (typeof value === 'string' && value !== '') secrets[field] = new Secret(value)
  }
  return { name, settings, secrets }
}

/** What `agentDraft` found wrong, in words; undefined: the error is none of its. */
export const agentProblem = (error: unknown): string | undefined =>
  error instanceof ApiError ? error.text.en : undefined

/** The fields of a stored agent as its users wrote them, secrets revealed. @throws ApiError as `agentDraft` */
export function settingsOf({ settings, secrets = {} }: StoredAgent, allowPrivateUrls: boolean): AgentSettings {
  const revealed = Object.entries(secrets).map(([field, secret]) => [field, secret.reveal()] as const)
  // An empty key is one that is not sealed.
  return checked({ APIKey: '', ...settings, ...Object.fromEntries(revealed) }, allowPrivateUrls)
}

/** `Tags` in the words of the engine. */
export const tagRules = ({ Tags = [] }: AgentSettings): readonly TagRule[] =>
  Tags.map(({ TagName, TagDescription, TagValues }) => ({
    name: TagName,
    ...(TagDescription && { description: TagDescription }),
    values: TagValues,
  }))

function checked(fields: unknown, allowPrivateUrls: boolean): AgentSettings {
  const settings = validate(agentSettings, fields)
  assertAssistant(settings, allowPrivateUrls)
  return settings
}
