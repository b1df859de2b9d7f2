import { type ChatMessage, type ChatModel, type ModelSpec, type ReplyDelta, VoiceError } from '@parley/core'
import { z } from 'zod'
import { chatEndpoint } from '../openai/chat-endpoint.ts'
import { failureOfStatus, networkCode } from '../openai/chat-failure.ts'
import type { PooledFetch } from '../openai/pooled-fetch.ts'

const eventSchema = z.object({
  event: z.string(),
  answer: z.string().nullish(),
  conversation_id: z.string().nullish(),
})

/** Longest event taken; a longer one is not the protocol. */
const maxEventCharacters = 1_000_000

/**
 * Dify's `chat-messages`. The talk's history lives at Dify: only the user's last words are sent, with the conversation
 * id of the first answer. Instructions, model name and tools do not apply. One adapter per call.
 *
 * `extraBody` may carry `inputs`, `user` and a `conversation_id` to go on with.
 */
export function difyChatModel(spec: ModelSpec, pool: PooledFetch): ChatModel {
  const { url } = chatEndpoint(spec)
  let conversationId = ''

  async function* reply(
    messages: readonly ChatMessage[],
    options: Parameters<ChatModel['reply']>[1],
    signal: AbortSignal,
  ): AsyncIterable<ReplyDelta> {
    signal.throwIfAborted()
    const query = messages.findLast((message) => message.role === 'user')?.text ?? ''
    const continued = conversationId ? { conversation_id: conversationId } : {}
    const body = { inputs: {}, user: 'caller', ...spec.extraBody, ...continued, query, response_mode: 'streaming' }
    try {
      const response = await pool.fetch(url, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          ...spec.headers,
          ...options.headers,
          'X-Request-Id': options.requestId,
          'content-type': 'application/json',
          authorization: `Bearer ${spec.apiKey.reveal()}`,
        },
        signal,
      })
      if (!response.ok) throw failureOfStatus(response.status, undefined, response.headers.get('retry-after'))
      let finished = false
      for await (const event of events(response)) {
        if (event.conversation_id) conversationId = event.conversation_id
        if (event.event === 'error') throw new VoiceError('LLM_UNAVAILABLE', { detail: 'the server reports an error' })
        if (event.event === 'message_end') finished = true
        const speaks = event.event === 'message' || event.event === 'agent_message'
        if (speaks && event.answer) yield { type: 'text', text: event.answer }
      }
      if (!finished) throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'the stream ended unfinished' })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof VoiceError) throw error
      const detail = networkCode(error)
      throw new VoiceError('LLM_UNAVAILABLE', detail ? { detail } : {})
    } finally {
      // An abort costs the connection; the next reply finds another.
      if (signal.aborted) void pool.prewarm(url)
    }
  }

  return { name: 'dify', reply, prewarm: () => pool.prewarm(url) }
}

/** @throws VoiceError LLM_BAD_RESPONSE when an event is not Dify's. */
async function* events(response: Response): AsyncIterable<z.infer<typeof eventSchema>> {
  if (!response.body) return
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxEventCharacters) throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'an event is too long' })
    for (const line of lines) if (line.startsWith('data:')) yield parseEvent(line.slice(5))
  }
}

function parseEvent(data: string): z.infer<typeof eventSchema> {
  try {
    return eventSchema.parse(JSON.parse(data))
  } catch {
    // The cause is not kept: it repeats what was said.
    throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'an event has an unknown form' })
  }
}
