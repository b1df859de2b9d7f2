import { type ChatModel, type ModelSpec, type ReplyDelta, VoiceError } from '@parley/core'
import OpenAI from 'openai'
import { chatEndpoint } from './chat-endpoint.ts'
import { chatFailure } from './chat-failure.ts'
import type { PooledFetch } from './pooled-fetch.ts'
import { ReplyDeltas } from './reply-deltas.ts'
import { requestBody } from './request-body.ts'

/** The library's own time-out, out of the way: time-outs are the wrapper's. */
const libraryTimeoutMs = 600_000

/**
 * Any server that speaks OpenAI's chat completions, Azure's and MiniMax's variants included. One request per reply, no
 * retry and no time-out of its own. The connection is kept for the next reply unless the reply is aborted; then another
 * one is opened at once.
 */
export function openAiChatModel(spec: ModelSpec, pool: PooledFetch): ChatModel {
  const endpoint = chatEndpoint(spec)
  const client = new OpenAI({
    apiKey: spec.apiKey.reveal() || 'none',
    baseURL: endpoint.url.origin,
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: libraryTimeoutMs,
    logLevel: 'off',
    fetch: pool.fetch,
  })
  const { header, prefix } = endpoint.authorization
  const authorization = { authorization: null, [header]: `${prefix}${spec.apiKey.reveal()}` }

  async function* reply(
    messages: Parameters<ChatModel['reply']>[0],
    options: Parameters<ChatModel['reply']>[1],
    signal: AbortSignal,
  ): AsyncIterable<ReplyDelta> {
    signal.throwIfAborted()
    let streaming = false
    try {
      const chunks = await client.post<AsyncIterable<unknown>>(endpoint.url.href, {
        body: requestBody(spec, messages, options),
        headers: { ...spec.headers, ...options.headers, 'X-Request-Id': options.requestId, ...authorization },
        signal,
        stream: true,
      })
      streaming = true
      const deltas = new ReplyDeltas()
      for await (const chunk of chunks) yield* deltas.take(chunk)
      signal.throwIfAborted()
      if (!deltas.finished) throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'the stream ended unfinished' })
    } catch (error) {
      signal.throwIfAborted()
      throw chatFailure(error, streaming)
    } finally {
      if (signal.aborted) void pool.prewarm(endpoint.url)
    }
  }

  return { name: spec.protocol, reply, prewarm: () => pool.prewarm(endpoint.url) }
}
