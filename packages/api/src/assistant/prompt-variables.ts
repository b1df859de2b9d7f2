import { invalidValue } from '../answer/parameter-errors.ts'

export interface Variable {
  readonly Key: string
  readonly Value: string
}

/** Values for placeholders and the special keys that are settings. */
export interface PromptVariables {
  /** `text` with `{{Key}}` replaced. Unknown placeholders stay; values are not searched again. */
  fill(text: string): string
  readonly values: Readonly<Record<string, string>>
  readonly greetingDelayMs: number
  /** Sentences and words for the recogniser, from `parley-asr-hints` (one a line). */
  readonly hints: readonly string[]
  /** `parley-analysis`: have the model tell summary, mood and intention once the call is over. */
  readonly analyse: boolean
  /** Members for the body of a Dify request, from `dify-inputs-*`; undefined when there are none. */
  readonly difyBody: Readonly<Record<string, unknown>> | undefined
}

const difyPrefix = 'dify-inputs-'
const maxGreetingDelayS = 60

/** `deprecated` is `PromptVariables`; `current` wins over it. The last of equal keys counts. */
export function promptVariables(deprecated: readonly Variable[], current: readonly Variable[]): PromptVariables {
  const values = new Map([...deprecated, ...current].map(({ Key, Value }) => [Key.trim(), Value]))
  return {
    fill: (text) =>
      text.replace(/\{\{([^{}]*)\}\}/g, (placeholder, key: string) => values.get(key.trim()) ?? placeholder),
    values: Object.fromEntries(values),
    greetingDelayMs: greetingDelayMs(values.get('welcome-message-delay')),
    hints: values.get('parley-asr-hints')?.split(/\r?\n/) ?? [],
    analyse: isOn('parley-analysis', values.get('parley-analysis')),
    difyBody: difyBody(values),
  }
}

function isOn(name: string, text = ''): boolean {
  const word = text.trim().toLowerCase()
  if (['true', 'on', '1'].includes(word)) return true
  if (['', 'false', 'off', '0'].includes(word)) return false
  throw invalidValue(`Variables.${name}`, { en: 'must be true or false', zh: '必须为 true 或 false' })
}

function greetingDelayMs(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return 0
  const seconds = /^\s*\d{1,3}(\.\d{1,3})?\s*$/.test(text) ? Number(text) : Number.NaN
  if (!(seconds <= maxGreetingDelayS)) {
    throw invalidValue('Variables.welcome-message-delay', {
      en: `must be a number of seconds from 0 to ${maxGreetingDelayS}`,
      zh: `必须为 0 到 ${maxGreetingDelayS} 之间的秒数`,
    })
  }
  return Math.round(seconds * 1000)
}

function difyBody(values: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> | undefined {
  const entries = [...values].filter(([key]) => key.startsWith(difyPrefix))
  if (entries.length === 0) return undefined
  const members = new Map(entries.map(([key, value]) => [key.slice(difyPrefix.length), value]))
  const ownMembers = ['user', 'conversation_id'].filter((name) => members.has(name))
  const inputs = [...members].filter(([name]) => !ownMembers.includes(name))
  return {
    ...(inputs.length > 0 && { inputs: Object.fromEntries(inputs) }),
    ...Object.fromEntries(ownMembers.map((name) => [name, members.get(name)])),
  }
}
