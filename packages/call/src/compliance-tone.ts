import { type CallSpec, complianceToneMs } from '@parley/core'

/** Between the tone and the first word. A pause between words in Morse code is longer, but has nobody waiting. Taste. */
const pauseMs = 140

/** True when the call begins with the tone. `byDefault`: what holds for calls that do not say. */
export const hasComplianceTone = ({ assistant }: CallSpec, byDefault: boolean): boolean =>
  assistant.complianceTone ?? byDefault

/** The call with a greeting that does not begin before the tone is over. */
export function afterComplianceTone(spec: CallSpec): CallSpec {
  const greetingDelayMs = Math.max(spec.assistant.greetingDelayMs, complianceToneMs + pauseMs)
  return { ...spec, assistant: { ...spec.assistant, greetingDelayMs } }
}
