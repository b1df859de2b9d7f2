import type { ChatMessage, ChatModel, Clock } from '@parley/core'

/** A summary that is not there by then is not said. */
export const summaryMs = 4_000
/** A longer one is none. Taste. */
const maxCharacters = 600

const instructions =
  'A colleague takes over the phone call below and hears your words before speaking with the caller. ' +
  'Say in at most two short sentences, in the language of the call, what the caller wants and what matters. ' +
  'Plain spoken words, no greeting, no markup.'

/**
 * What a human should know of a call before taking it over, made by the call's own model. Undefined when the model fails,
 * is too slow, or there is nothing to tell. Never rejects.
 */
export async function summariseCall(
  model: ChatModel,
  history: readonly ChatMessage[],
  requestId: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lines = history.flatMap(({ role, text }) =>
    role === 'system' ? [] : [`${role === 'user' ? 'Caller' : 'Assistant'}: ${text}`],
  )
  if (lines.length === 0) return undefined
  const late = new AbortController()
  using _timer = clock.setTimer(clock.nowMs() + summaryMs, () => late.abort(new Error('the summary is late')))
  const messages: readonly ChatMessage[] = [
    { role: 'system', text: instructions },
    { role: 'user', text: lines.join('\n') },
  ]
  let summary = ''
  try {
    const stop = AbortSignal.any([signal, late.signal])
    for await (const delta of model.reply(messages, { tools: [], requestId }, stop)) {
      if (delta.type === 'text') summary += delta.text
      if (summary.length > maxCharacters || stop.aborted) return undefined
    }
  } catch {
    return undefined
  }
  return summary.trim() || undefined
}
