import { Channel, type SpeechChunk, type SpeechSynthesizer, type WordTiming } from '@parley/core'
import { Room } from '../room.ts'
import { clausesOf } from './clauses.ts'
import type { FliteEngine } from './flite-engine.ts'
import type { SpokenPhrase } from './flite-worker.ts'

export const fliteVoices = ['rms', 'awb', 'slt', 'kal'] as const
export type FliteVoice = (typeof fliteVoices)[number]

/** How many clauses may be in the making ahead of the reader. */
const lookahead = 2

interface Pending {
  readonly item: number
  readonly phrase: Promise<SpokenPhrase>
  /** Where the words of the clause end in the text of the item, in UTF-16 units. */
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
  signal.throwIfAborted()
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  const pending = new Channel<Pending>(Number.MAX_SAFE_INTEGER, 'fail')
  const room = new Room(lookahead)
  const onAbort = () => pending.close(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  void request(engine, voice, text, ended, pending, room)
  try {
    let spoken = { item: -1, samples: 0 }
    for await (const { item, phrase, textEnds } of pending) {
      const { samples, wordEnds } = await phrase
      signal.throwIfAborted()
      if (spoken.item !== item) spoken = { item, samples: 0 }
      const words = timings(textEnds, wordEnds, spoken.samples)
      spoken.samples += samples.length
      if (samples.length > 0) yield { samples, item, ...(words.length > 0 && { words }) }
      room.leave()
    }
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
    stop.abort()
    room.leave()
  }
}

/** Reads the text and orders its clauses, never more than the room holds. Its end or failure closes `pending`. */
async function request(
  engine: FliteEngine,
  voice: FliteVoice,
  text: AsyncIterable<string>,
  ended: AbortSignal,
  pending: Channel<Pending>,
  room: Room,
): Promise<void> {
  let item = 0
  try {
    for await (const words of text) {
      const ends = [...words.matchAll(/\S+/g)].map((word) => word.index + word[0].length)
      for (const clause of clausesOf(words)) {
        const textEnds = ends.splice(0, clause.split(' ').length)
        if (!/[A-Za-z0-9]/.test(clause)) continue
        await room.enter()
        if (ended.aborted) return
        const phrase = engine.speak(voice, clause, ended)
        // Handled by the reader when it gets there; until then it must not count as unhandled.
        phrase.catch(() => {})
        pending.push({ item, phrase, textEnds })
      }
      if (ended.aborted) return
      item += 1
    }
    pending.close()
  } catch (error) {
    pending.close(error)
  }
}

/** `offset`: samples of the item before this clause. */
function timings(textEnds: readonly number[], wordEnds: readonly number[], offset: number): WordTiming[] {
  return wordEnds.flatMap((end, index) => {
    const textEnd = textEnds[index]
    return textEnd === undefined ? [] : [{ textEnd, endSample: offset + end }]
  })
}
