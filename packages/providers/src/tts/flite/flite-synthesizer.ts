import type { SpeechChunk, SpeechSynthesizer, WordTiming } from '@parley/core'
import { readAhead } from '../read-ahead.ts'
import { clausesOf } from './clauses.ts'
import type { FliteEngine } from './flite-engine.ts'

export const fliteVoices = ['rms', 'awb', 'slt', 'kal'] as const
export type FliteVoice = (typeof fliteVoices)[number]

interface Clause {
  readonly item: number
  readonly text: string
  /** Where its words end in the text of the item, in UTF-16 units. */
  readonly textEnds: readonly number[]
}

/**
 * The embedded English voice. Clauses are made one ahead of the reader; a text without a letter or digit gives no
 * audio. Abort forgets everything that is not made yet.
 */
export function fliteSynthesizer(engine: FliteEngine, voice: FliteVoice): SpeechSynthesizer {
  return {
    name: `flite/${voice}`,
    speak: (text, signal) => speak(engine, voice, text, signal),
    async prewarm() {
      await engine.speak(voice, 'Hello.')
    },
  }
}

async function* speak(
  engine: FliteEngine,
  voice: FliteVoice,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncIterable<SpeechChunk> {
  const begin = ({ item, text: clause, textEnds }: Clause, ended: AbortSignal) => {
    const phrase = engine.speak(voice, clause, ended)
    // Handled by the reader when it gets there; until then it must not count as unhandled.
    phrase.catch(() => {})
    return { item, phrase, textEnds }
  }
  let spoken = { item: -1, samples: 0 }
  for await (const { item, phrase, textEnds } of readAhead(clausesIn(text), signal, begin)) {
    const { samples, wordEnds } = await phrase
    signal.throwIfAborted()
    if (spoken.item !== item) spoken = { item, samples: 0 }
    const words = timings(textEnds, wordEnds, spoken.samples)
    spoken.samples += samples.length
    if (samples.length > 0) yield { samples, item, ...(words.length > 0 && { words }) }
  }
}

async function* clausesIn(texts: AsyncIterable<string>): AsyncGenerator<Clause> {
  let item = 0
  for await (const words of texts) {
    const ends = [...words.matchAll(/\S+/g)].map((word) => word.index + word[0].length)
    for (const text of clausesOf(words)) {
      const textEnds = ends.splice(0, text.split(' ').length)
      if (/[A-Za-z0-9]/.test(text)) yield { item, text, textEnds }
    }
    item += 1
  }
}

/** `offset`: samples of the item before this clause. */
function timings(textEnds: readonly number[], wordEnds: readonly number[], offset: number): WordTiming[] {
  return wordEnds.flatMap((end, index) => {
    const textEnd = textEnds[index]
    return textEnd === undefined ? [] : [{ textEnd, endSample: offset + end }]
  })
}
