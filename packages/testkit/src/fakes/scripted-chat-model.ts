import type { ChatMessage, ChatModel, Clock, ReplyDelta, ReplyOptions } from '@parley/core'
import { waitUntil } from '@parley/core'

/** Text (cut into words), deltas as given, an error, or a model that never answers. */
export type ScriptedReply = string | readonly ReplyDelta[] | Error | 'hang'

export interface ScriptedChatModelOptions {
  readonly clock: Clock
  /** What to answer to the n-th request (from 0). */
  reply(messages: readonly ChatMessage[], index: number): ScriptedReply
  readonly firstTokenMs?: number
  readonly tokenMs?: number
}

export interface ModelRequest {
  readonly atMs: number
  readonly messages: readonly ChatMessage[]
  readonly options: ReplyOptions
  /** Set when the request was aborted before its end. */
  abortedAtMs?: number
}

/** Answers by script, token by token, on an injected clock. */
export class ScriptedChatModel implements ChatModel {
  readonly name = 'scripted'
  readonly requests: ModelRequest[] = []
  private readonly options: ScriptedChatModelOptions

  constructor(options: ScriptedChatModelOptions) {
    this.options = options
  }

  async *reply(
    messages: readonly ChatMessage[],
    options: ReplyOptions,
    signal: AbortSignal,
  ): AsyncIterable<ReplyDelta> {
    const { clock, firstTokenMs = 250, tokenMs = 0 } = this.options
    const request: ModelRequest = { atMs: clock.nowMs(), messages, options }
    const index = this.requests.push(request) - 1
    const script = this.options.reply(messages, index)
    let finished = false
    signal.addEventListener('abort', () => {
      if (!finished) request.abortedAtMs = clock.nowMs()
    })
    if (script === 'hang') await waitUntil(clock, Number.POSITIVE_INFINITY, signal)
    let dueAtMs = request.atMs + firstTokenMs
    await waitUntil(clock, dueAtMs, signal)
    if (script instanceof Error) throw script
    for (const delta of deltasOf(script)) {
      if (dueAtMs > clock.nowMs()) await waitUntil(clock, dueAtMs, signal)
      signal.throwIfAborted()
      yield delta
      dueAtMs += tokenMs
    }
    finished = true
  }
}

function deltasOf(script: Exclude<ScriptedReply, Error>): readonly ReplyDelta[] {
  if (typeof script !== 'string') return script
  return (script.match(/\s*\S+/gu) ?? []).map((text) => ({ type: 'text', text }))
}
