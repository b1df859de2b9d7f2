import type {
  ChatMessage,
  ChatModel,
  Clock,
  ReplyOptions,
  SpeechChunk,
  SpeechSynthesizer,
  ToolSpec,
} from '@parley/core'
import { Channel, toVoiceError, VoiceError } from '@parley/core'
import { findTool } from '../tools/find-tool.ts'
import { Chunker } from './chunker.ts'
import type { TextChunk } from './text-chunk.ts'
import type { Utterance } from './utterance.ts'

/** Chunks between model and voice; a reply that has more of them is broken. */
const maxChunks = 2000
/** Characters of a reply: an hour of speech. A longer one is broken. Taste. */
const maxReplyCharacters = 50_000

export interface ReplyRequest {
  readonly messages: readonly ChatMessage[]
  readonly options: ReplyOptions
  /** Main language of the assistant. */
  readonly language: string
}

/** Model -> chunks -> voice, into `utterance`. Never rejects; ends early when the utterance is stopped. */
export async function produceReply(
  utterance: Utterance,
  request: ReplyRequest,
  providers: { readonly chatModel: ChatModel; readonly synthesizer: SpeechSynthesizer },
  clock: Clock,
): Promise<void> {
  const texts = new Channel<string>(maxChunks, 'fail')
  const voice = produceSpeech(utterance, () => providers.synthesizer.speak(texts, utterance.signal))
  try {
    await pumpModel(utterance, request, providers.chatModel, texts, clock)
  } catch (error) {
    if (!utterance.signal.aborted) utterance.fail('llm', toVoiceError(error, 'LLM_BAD_RESPONSE').code)
  } finally {
    texts.close()
  }
  await voice
}

/** Audio -> `utterance`. Never rejects, whatever the voice does. */
export async function produceSpeech(utterance: Utterance, speak: () => AsyncIterable<SpeechChunk>): Promise<void> {
  try {
    for await (const chunk of speak()) {
      if (utterance.signal.aborted) return
      utterance.addAudio(chunk)
    }
    utterance.finish()
  } catch (error) {
    if (!utterance.signal.aborted) utterance.fail('tts', toVoiceError(error, 'TTS_FAILED').code)
  }
}

async function pumpModel(
  utterance: Utterance,
  { messages, options, language }: ReplyRequest,
  model: ChatModel,
  texts: Channel<string>,
  clock: Clock,
): Promise<void> {
  const { marks, signal } = utterance
  const chunker = new Chunker({ language })
  const speak = (chunks: readonly TextChunk[]) => {
    for (const chunk of chunks) {
      utterance.addText(chunk)
      texts.push(chunk.spoken)
    }
  }
  let left = maxReplyCharacters
  marks.modelRequestAtMs = clock.nowMs()
  for await (const delta of model.reply(messages, options, signal)) {
    if (signal.aborted) return
    marks.modelFirstTokenAtMs ??= clock.nowMs()
    utterance.tokens += 1
    if (delta.type === 'toolCall') {
      callTool(utterance, options.tools, delta.name)
      continue
    }
    speak(chunker.push(delta.text.slice(0, left)))
    left -= delta.text.length
    if (left < 0) throw new VoiceError('LLM_BAD_RESPONSE', { detail: 'reply too long' })
  }
  if (signal.aborted) return
  marks.modelLastTokenAtMs = clock.nowMs()
  speak(chunker.end())
}

/** A call of something undeclared is the model's slip: what it says still counts. */
function callTool(utterance: Utterance, tools: readonly ToolSpec[], name: string): void {
  const tool = findTool(tools, name)
  if (tool) utterance.addTool(tool)
}
