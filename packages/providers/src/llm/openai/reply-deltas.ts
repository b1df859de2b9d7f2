import { type ReplyDelta, VoiceError } from '@parley/core'
import { z } from 'zod'

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
})

/**
 * Collects the chunks of one streamed completion: text passes through at once, the pieces of tool calls are put together
 * and handed out when the completion says it is finished.
 */
export class ReplyDeltas {
  finished = false
  private readonly calls = new Map<number, { name: string; arguments: string }>()

  /** @throws VoiceError LLM_BAD_RESPONSE when the chunk is not one of this protocol. */
  take(chunk: unknown): ReplyDelta[] {
    const parsed = chunkSchema.safeParse(chunk)
    if (!parsed.success) throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'a chunk has an unknown form' })
    const choice = parsed.data.choices?.[0]
    if (!choice || this.finished) return []
    const deltas: ReplyDelta[] = []
    if (choice.delta?.content) deltas.push({ type: 'text', text: choice.delta.content })
    for (const piece of choice.delta?.tool_calls ?? []) this.addPiece(piece.index, piece.function ?? {})
    if (choice.finish_reason) {
      this.finished = true
      deltas.push(...this.assembled())
    }
    return deltas
  }

  private addPiece(
    index: number | null | undefined,
    piece: { readonly name?: string | null | undefined; readonly arguments?: string | null | undefined },
  ): void {
    // Some servers leave `index` out: a piece with a name then begins a call, one without continues the last.
    const key = index ?? (piece.name ? this.calls.size : this.calls.size - 1)
    const call = this.calls.get(key) ?? { name: '', arguments: '' }
    call.name += piece.name ?? ''
    call.arguments += piece.arguments ?? ''
    this.calls.set(key, call)
  }

  private assembled(): ReplyDelta[] {
    return [...this.calls.values()]
      .filter((call) => call.name !== '')
      .map((call) => ({ type: 'toolCall', name: call.name, arguments: call.arguments || '{}' }))
  }
}
