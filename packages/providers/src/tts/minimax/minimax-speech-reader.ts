import { sampleRateHz, VoiceError } from '@parley/core'
import { SpeechDecoder } from '../audio/speech-decoder.ts'
import type { SpeechReader } from '../http/http-synthesizer.ts'
import { memberOf, type ServiceFailure, serviceError } from '../http/service-failure.ts'

/** Longest event, in characters: two minutes of audio at 8 kHz, written in hex. */
const maxEventCharacters = 4_000_000
/** Unknown, time-out, too many requests, inside, database, too many tokens or connections: "retry later". */
const passingCodes: readonly unknown[] = [1000, 1001, 1002, 1024, 1033, 1039, 1041]

/** What `base_resp` of an answer or event says; undefined when that is success. */
export function minimaxFailure(answer: unknown): ServiceFailure | undefined {
  const code = memberOf(memberOf(answer, 'base_resp'), 'status_code')
  return code === undefined || code === 0 ? undefined : { code, passing: passingCodes.includes(code) }
}

/**
 * Reads a streamed T2A v2 answer: server-sent events, each with a piece of audio in hex.
 *
 * ```
 * data: {"data":{"audio":"0a00…","status":1},"base_resp":{"status_code":0}}
 * data: {"data":{"audio":"","status":2},"extra_info":{…},"base_resp":{"status_code":0}}
 * ```
 * The last one (`status` 2) may hold all the audio once more.
 */
export class MinimaxSpeechReader implements SpeechReader {
  private readonly text = new TextDecoder()
  private readonly pcm = new SpeechDecoder('audio/pcm', { sampleRateHz, channels: 1 })
  private readonly pieces: string[] = []
  private waitingCharacters = 0
  private hasAudio = false

  push(bytes: Uint8Array): Int16Array {
    const lines = this.text.decode(bytes, { stream: true }).split('\n')
    const rest = lines.pop() ?? ''
    const whole = lines.map((line) => this.take(line))
    this.pieces.push(rest)
    this.waitingCharacters += rest.length
    if (this.waitingCharacters > maxEventCharacters) throw unreadable('an event is too long')
    return joined(whole)
  }

  /** Audio of a last event that no line end followed. */
  end(): Int16Array {
    return this.take(this.text.decode())
  }

  /** `line`: the end of the line that waits. */
  private take(line: string): Int16Array {
    const whole = this.pieces.splice(0).join('') + line
    this.waitingCharacters = 0
    // A refusal may come as bare JSON.
    const json = whole.startsWith('data:') ? whole.slice(5) : whole
    if (!json.trimStart().startsWith('{')) return new Int16Array(0)
    const event = parsed(json)
    const failure = minimaxFailure(event)
    if (failure) throw serviceError(200, failure)
    const data = memberOf(event, 'data')
    const audio = memberOf(data, 'audio')
    if (typeof audio !== 'string' || audio === '') return new Int16Array(0)
    if (memberOf(data, 'status') === 2 && this.hasAudio) return new Int16Array(0)
    this.hasAudio = true
    const bytes = Buffer.from(audio, 'hex')
    if (bytes.length * 2 !== audio.length) throw unreadable('audio is not in hex')
    return this.pcm.push(bytes)
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw unreadable('an event is no JSON')
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  if (parts.length === 1 && parts[0]) return parts[0]
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const unreadable = (detail: string) => new VoiceError('TTS_FAILED', { detail })
