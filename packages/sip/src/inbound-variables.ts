import type { IncomingSipCall } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** Longer text of a header is cut. */
const maxChars = 1_024

/** The headers a trunk hands on, by the names in its settings; one that is missing is empty. Undefined: it names none. */
export function variablesOf(
  call: Pick<IncomingSipCall, 'header'>,
  trunk: Pick<TrunkConfig, 'inbound'>,
): Readonly<Record<string, string>> | undefined {
  const names = trunk.inbound?.variables
  if (!names || names.length === 0) return undefined
  const textOf = (name: string) => (call.header?.(name) ?? '').replace(/\p{Cc}/gu, ' ').slice(0, maxChars)
  return Object.fromEntries(names.map((name) => [name, textOf(name)]))
}
