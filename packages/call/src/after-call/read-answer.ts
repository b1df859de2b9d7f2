import {
  type AfterCallPlan,
  type AfterCallResult,
  type CallAnalysis,
  type CallTag,
  type ExtractedValue,
  type ExtractField,
  type TagRule,
  VoiceError,
} from '@parley/core'

type Members = Readonly<Record<string, unknown>>

/**
 * The model's answer as typed values. Lenient in form (code fences and words around the object, fields beside `fields`,
 * numbers as text), strict in type: what is no value of its field's kind is null.
 *
 * @throws VoiceError LLM_BAD_RESPONSE when there is no JSON object in it; retryable
 */
export function readAnswer(plan: AfterCallPlan, answer: string): AfterCallResult {
  const root = jsonObjectIn(answer)
  const fields = members(root.fields) ?? root
  const analysis = members(root.analysis) ?? root
  return {
    extracted: Object.fromEntries(plan.extract.map((field) => [field.name, readValue(field, own(fields, field.name))])),
    ...(plan.analyse ? { analysis: analysisOf(analysis) } : {}),
    ...(plan.tags ? { tags: tagsOf(plan.tags, members(root.tags) ?? {}) } : {}),
  }
}

/** What is known of a talk in which nothing was said. */
export function emptyResult(plan: AfterCallPlan): AfterCallResult {
  return readAnswer(plan, '{}')
}

function analysisOf(from: Members): CallAnalysis {
  const text = (name: keyof CallAnalysis) => asText(own(from, name))
  return { summary: text('summary'), mood: text('mood'), intention: text('intention') }
}

/** Those whose value is one of the rule's, as it is written there. */
function tagsOf(rules: readonly TagRule[], from: Members): readonly CallTag[] {
  return rules.flatMap(({ name, values }) => {
    const [value] = asChoices(own(from, name), values) ?? []
    return value === undefined ? [] : [{ name, value }]
  })
}

function jsonObjectIn(answer: string): Members {
  try {
    const found = members(JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)))
    if (found) return found
  } catch {
    // Told below: the text is the model's, and personal.
  }
  throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'no JSON object in the answer', retryable: true })
}

function members(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

/** Field names are the user's: `constructor` is one like any other. */
function own(from: Members, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : undefined
}

function readValue(field: ExtractField, value: unknown): ExtractedValue {
  switch (field.kind) {
    case 'text':
      return asText(value)
    case 'number':
      return asNumber(value)
    case 'boolean':
      return asBoolean(value)
    case 'selector':
      return asChoices(value, field.choices ?? [])
    default:
      return field.kind satisfies never
  }
}

function asText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function asBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return null
  if (/^(true|yes|是)$/i.test(value.trim())) return true
  return /^(false|no|否)$/i.test(value.trim()) ? false : null
}

/** As the choices are written; in their order. Null: none of them. */
function asChoices(value: unknown, choices: readonly string[]): readonly string[] | null {
  const given = (Array.isArray(value) ? value : [value]).flatMap((item) => asText(item) ?? []).map(folded)
  const chosen = choices.filter((choice) => given.includes(folded(choice)))
  return chosen.length > 0 ? chosen : null
}

const folded = (text: string): string => text.trim().toLowerCase()
