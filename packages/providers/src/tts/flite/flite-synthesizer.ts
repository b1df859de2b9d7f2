import { Channel, type SpeechChunk, type SpeechSynthesizer } from '@parley/core'
import { Room } from '../room.ts'
import { clausesOf } from './clauses.ts'
import type { FliteEngine } from './flite-engine.ts'

export const fliteVoices = ['rms', 'awb', 'slt', 'kal'] as const
export type FliteVoice = (typeof fliteVoices)[number]

/** How many clauses may be in the making ahead of the reader. */
const lookahead = 2

interface Pending {
  readonly item: number
  readonly samples: Promise<Int16Array>
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
    for await (const { item, samples } of pending) {
      const made = await samples
      signal.throwIfAborted()
      if (made.length > 0) yield { samples: made, item }
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
      for (const clause of clausesOf(words)) {
        if (!/[A-Za-z0-9]/.test(clause)) continue
        await room.enter()
        if (ended.aborted) return
        const samples = engine.speak(voice, clause, ended)
        // Handled by the reader when it gets there; until then it must not count as unhandled.
        samples.catch(() => {})
        pending.push({ item, samples })
      }
      if (ended.aborted) return
      item += 1
    }
    pending.close()
  } catch (error) {
    pending.close(error)
  }
}
