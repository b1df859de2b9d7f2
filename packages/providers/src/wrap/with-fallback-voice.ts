import { type Clock, type SpeechChunk, type SpeechSynthesizer, toVoiceError, VoiceError } from '@parley/core'
import { readAhead } from '../tts/read-ahead.ts'
import { speakable } from '../tts/spoken-items.ts'

export interface FallbackVoiceOptions {
  readonly clock: Clock
  /** The first voice failed at an item, and the second speaks it and what follows for a while. */
  onFailure(error: VoiceError): void
}

/** How long a voice that failed is left alone: another try may cost the caller its whole time-out. Taste. */
const restMs = 30_000
/** Longest audio of one item, in samples: two minutes. What goes on for longer is no sentence. Taste. */
const longestSamples = 960_000

interface Opened {
  readonly audio: AsyncIterator<SpeechChunk>
  readonly head: Promise<IteratorResult<SpeechChunk>>
}

/**
 * Speaks with `first`, and each item at which that fails with `second`, so that the caller is never left in silence. An
 * item that broke off is said again from its beginning: half a sentence may say the opposite. No audio for words is a
 * failure too. Each item is a request of its own.
 */
export function withFallbackVoice(
  first: SpeechSynthesizer,
  second: SpeechSynthesizer,
  options: FallbackVoiceOptions,
): SpeechSynthesizer {
  const { clock } = options
  let restsUntilMs = Number.NEGATIVE_INFINITY
  const isResting = () => clock.nowMs() < restsUntilMs

  const open = (words: string, signal: AbortSignal): Opened | undefined => {
    if (isResting()) return undefined
    const audio = first.speak(one(words), signal)[Symbol.asyncIterator]()
    const head = audio.next()
    // Reported when its turn comes; until then nobody awaits it.
    head.catch(() => {})
    return { audio, head }
  }

  async function* sayItem(item: number, words: string, opened: Opened | undefined, signal: AbortSignal) {
    let samples = 0
    if (opened && !isResting()) {
      try {
        for (let next = await opened.head; !next.done; next = await opened.audio.next()) {
          samples += next.value.samples.length
          yield { ...next.value, item }
          if (samples > longestSamples) return await endOf(opened)
        }
        if (samples > 0 || !speakable.test(words)) return
        throw new VoiceError('TTS_FAILED', { detail: 'no audio' })
      } catch (error) {
        signal.throwIfAborted()
        restsUntilMs = clock.nowMs() + restMs
        options.onFailure(toVoiceError(error, 'TTS_FAILED'))
      }
    }
    for await (const chunk of second.speak(one(words), signal)) yield { ...shifted(chunk, samples), item }
  }

  async function* speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const begin = (words: string, ended: AbortSignal) => ({ words, opened: open(words, ended), ended })
    let item = 0
    for await (const { words, opened, ended } of readAhead(text, signal, begin)) {
      yield* sayItem(item, words, opened, ended)
      item += 1
    }
  }

  return {
    ...first,
    speak,
    prewarm: async () => void (await Promise.allSettled([first.prewarm?.(), second.prewarm?.()])),
  }
}

async function endOf({ audio }: Opened): Promise<void> {
  await audio.return?.()
}

/** `heard` samples of the item were played before. */
function shifted({ words, ...chunk }: SpeechChunk, heard: number): SpeechChunk {
  if (!words) return chunk
  return { ...chunk, words: words.map((word) => ({ ...word, endSample: word.endSample + heard })) }
}

async function* one(text: string): AsyncGenerator<string> {
  yield text
}
