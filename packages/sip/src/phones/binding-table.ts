/** Where a telephone can be called. */
export interface Binding {
  /** The address it gave, which goes into the Request-URI as it is. */
  readonly contact: string
  /** Where its REGISTER came from: the only place requests are sent to, so it may be behind NAT. */
  readonly host: string
  readonly port: number
  readonly callId: string
  readonly cseq: number
  readonly untilMs: number
}

/** Telephones of one account. Taste: a desk, a pocket and a spare; the one that was heard of longest ago goes. */
const maxBindings = 3

/** What a REGISTER asks for. `seconds` 0: the binding is taken back. `everything`: all bindings are. */
export interface BindingChange {
  readonly contacts: readonly { readonly contact: string; readonly seconds: number }[]
  readonly everything: boolean
  readonly source: Pick<Binding, 'host' | 'port'>
  readonly callId: string
  readonly cseq: number
}

/**
 * The bindings of an account after a REGISTER, the latest first. Undefined: the request is older than what is known.
 * @see RFC 3261 section 10.3, steps 6 and 7
 */
export function withChange(
  known: readonly Binding[],
  { contacts, everything, source, callId, cseq }: BindingChange,
  nowMs: number,
): readonly Binding[] | undefined {
  const live = known.filter(({ untilMs }) => untilMs > nowMs)
  const touched = everything
    ? live
    : live.filter(({ contact }) => contacts.some((wanted) => wanted.contact === contact))
  if (touched.some((binding) => binding.callId === callId && binding.cseq >= cseq)) return undefined
  const added = contacts
    .filter(({ seconds }) => seconds > 0)
    .map(({ contact, seconds }) => ({ contact, ...source, callId, cseq, untilMs: nowMs + seconds * 1_000 }))
  return [...added, ...live.filter((binding) => !touched.includes(binding))].slice(0, maxBindings)
}
