import { type Clock, type ReplyDelta, waitUntil } from '@parley/core'
import type { ScriptedReply } from './run-script.ts'

/** How fast a scripted model pretends to think. A token is a word with its space. */
export interface ReplyPace {
  /** From the request to the first token. Default 0. */
  readonly ttftMs?: number
  /** Default: no pause between tokens. */
  readonly tokensPerSecond?: number
}

/**
 * The reply word by word in the given pace. `toolName` finds the declared tool; undefined: it was not declared, and the
 * reply is only spoken.
 */
export async function* pacedReply(
  reply: ScriptedReply,
  toolName: (tool: NonNullable<ScriptedReply['tool']>) => string | undefined,
  pace: ReplyPace,
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<ReplyDelta> {
  const gapMs = pace.tokensPerSecond ? 1000 / pace.tokensPerSecond : 0
  let dueMs = clock.nowMs() + (pace.ttftMs ?? 0)
  const name = reply.tool && toolName(reply.tool)
  for (const token of reply.text.match(/\s*\S+/g) ?? []) {
    if (clock.nowMs() < dueMs) await waitUntil(clock, dueMs, signal)
    signal.throwIfAborted()
    yield { type: 'text', text: token }
    dueMs += gapMs
  }
  if (clock.nowMs() < dueMs && reply.text === '') await waitUntil(clock, dueMs, signal)
  if (name !== undefined) yield { type: 'toolCall', name, arguments: '{}' }
}

/** The tool among `names` that ends a call. */
export function endToolAmong(names: readonly string[]): string | undefined {
  return names.find((name) => /^(call_end|end_call)$/.test(name)) ?? names.find((name) => /end|hang_?up/i.test(name))
}
