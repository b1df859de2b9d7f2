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
    const audio = lines.map((line) => this.audioOf(line))
    this.pieces.push(rest)
    this.waitingCharacters += rest.length
    if (this.waitingCharacters > maxEventCharacters) throw unreadable('an event is too long')
    return this.pcm.push(Buffer.concat(audio))
  }

  /** Audio of a last event that no line end followed. */
  end(): Int16Array {
    return this.pcm.push(this.audioOf(this.text.decode()))
  }

  /** Bytes in the line that `tail` ends. */
  private audioOf(tail: string): Uint8Array {
    const whole = this.pieces.splice(0).join('') + tail
    this.waitingCharacters = 0
    // A refusal may come as bare JSON.
    const json = whole.startsWith('data:') ? whole.slice(5) : whole
    if (!json.trimStart().startsWith('{')) return new Uint8Array(0)
    const event = parsed(json)
    const failure = minimaxFailure(event)
    if (failure) throw serviceError(200, failure)
    const data = memberOf(event, 'data')
    const audio = memberOf(data, 'audio')
    if (typeof audio !== 'string' || audio === '') return new Uint8Array(0)
    if (memberOf(data, 'status') === 2 && this.hasAudio) return new Uint8Array(0)
    this.hasAudio = true
    const bytes = Buffer.from(audio, 'hex')
    if (bytes.length * 2 !== audio.length) throw unreadable('audio is not in hex')
    return bytes
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw unreadable('an event is no JSON')
  }
}

const unreadable = (detail: string) => new VoiceError('TTS_FAILED', { detail })
