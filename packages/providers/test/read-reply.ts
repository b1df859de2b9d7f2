import { type ChatModel, type ReplyDelta, VoiceError } from '@parley/core'

/** Reads a reply in the background: `heard` grows, `ended` is `complete`, a failure's code or an abort's reason. */
export function readReply(model: ChatModel, signal = new AbortController().signal) {
  const heard: string[] = []
  const ended = (async () => {
    const deltas: AsyncIterable<ReplyDelta> = model.reply([], { tools: [], requestId: 'r' }, signal)
    for await (const delta of deltas) if (delta.type === 'text') heard.push(delta.text)
    return 'complete'
  })().catch((error: unknown) => (error instanceof VoiceError ? error.code : error))
  return { heard, ended }
}
