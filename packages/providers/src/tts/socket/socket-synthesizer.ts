import type { Clock, SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { rawSpeech } from '../audio/raw-speech.ts'
import { readAhead } from '../read-ahead.ts'
import { afterPart, type SpokenItem, spokenItems } from '../spoken-items.ts'
import { AudibleStart } from './audible-start.ts'
import type { SpareLines } from './spare-lines.ts'
import { type SocketRequest, type SpeechFrame, SpeechSocket } from './speech-socket.ts'

/** What a frame brought: raw 16-bit little-endian mono at 8 kHz, whole or not, and whether it was the last one. */
export interface SpeechPiece {
  readonly audio?: Uint8Array
  readonly isLast?: boolean
}

/** The protocol of a service that takes one text a connection. */
export interface SocketDialect {
  readonly name: string
  /** Of all requests, but for what they add to it. */
  readonly url: URL
  /** A request of its own for these words. */
  requestFor(words: string): SocketRequest
  /** @throws VoiceError TTS_UNAVAILABLE, TTS_FAILED when the service says that it failed, or nothing that can be understood */
  read(frame: SpeechFrame): SpeechPiece
}

export interface SocketVoiceOptions {
  readonly clock: Clock
  readonly lines: SpareLines
  /** Longest wait for the first audio, connecting included, and between pieces of it: talk without audio does not count. */
  readonly patienceMs: number
}

/**
 * Speaks through a WebSocket service: one connection per item, the next one ready when it is needed, audio passed on as it
 * arrives. No word timings.
 */
export function createSocketSynthesizer(dialect: SocketDialect, options: SocketVoiceOptions): SpeechSynthesizer {
  const { clock, lines, patienceMs } = options

  const begin = ({ item, words }: SpokenItem, ended: AbortSignal) => {
    const deadlineMs = clock.nowMs() + patienceMs
    const opening = SpeechSocket.open(dialect.requestFor(words), { clock, lines }, deadlineMs, ended)
    // Reported when its turn comes; until then nobody awaits it.
    opening.catch(() => {})
    return { item, opening, deadlineMs }
  }

  async function* hear(item: number, socket: SpeechSocket, firstByMs: number): AsyncGenerator<SpeechChunk> {
    const decoder = rawSpeech('audio/pcm')
    const start = new AudibleStart()
    let heard = 0
    let deadlineMs = firstByMs
    let isOver = false
    try {
      while (!isOver) {
        const { audio, isLast = false } = dialect.read(await socket.next(deadlineMs))
        isOver = isLast
        if (!audio || audio.length === 0) continue
        const samples = start.push(decoder.push(audio))
        heard += samples.length
        if (samples.length > 0) yield { samples, item }
        deadlineMs = clock.nowMs() + patienceMs
      }
    } catch (error) {
      throw heard > 0 ? afterPart(error) : error
    } finally {
      socket.leave(isOver)
      void lines.prepare(dialect.url)
    }
  }

  return {
    name: dialect.name,
    async *speak(text, signal) {
      for await (const { item, opening, deadlineMs } of readAhead(spokenItems(text), signal, begin)) {
        yield* hear(item, await opening, deadlineMs)
      }
    },
    prewarm: () => lines.prepare(dialect.url),
  }
}
