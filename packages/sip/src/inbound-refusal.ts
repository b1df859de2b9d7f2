import type { InboundRefusal, TrunkConfig } from './trunk-config.ts'

const defaultStatus: Readonly<Record<InboundRefusal, number>> = {
  unknownNumber: 404,
  noAssistant: 480,
  concurrency: 486,
  rate: 503,
}
const defaultRetryAfterS = 5
/** Responses that may say when to come back. @see RFC 3261 section 20.33 */
const postponing = new Set([480, 486, 500, 503, 600, 603])

/** How an incoming call of this trunk is turned away. `retryAfterS`: only where coming back makes sense. */
export function refusalOf(
  trunk: Pick<TrunkConfig, 'inbound'>,
  reason: InboundRefusal,
): { readonly status: number; readonly retryAfterS?: number } {
  const status = trunk.inbound?.rejectStatus?.[reason] ?? defaultStatus[reason]
  const isWant = reason === 'concurrency' || reason === 'rate'
  if (!isWant || !postponing.has(status)) return { status }
  return { status, retryAfterS: trunk.inbound?.retryAfterS ?? defaultRetryAfterS }
}
