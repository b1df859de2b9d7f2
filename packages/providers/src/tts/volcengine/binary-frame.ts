import { gunzipSync, gzipSync } from 'node:zlib'
import { VoiceError } from '@parley/core'
import type { SpeechPiece } from '../socket/socket-synthesizer.ts'
import type { SpeechFrame } from '../socket/speech-socket.ts'

/** Version 1, header of one word | full client request, no flags | JSON, gzip | reserved. */
const requestHeader = Buffer.from([0x11, 0x10, 0x11, 0x00])
const wordBytes = 4
const audioOnly = 0xb
const frontend = 0xc
const failure = 0xf
const gzip = 0x1
const longestPayloadBytes = 4_194_304
/** At once too many requests, a busy or broken back end: over a moment later. The others are about the request. */
const passingCodes: ReadonlySet<number> = new Set([3_003, 3_005, 3_030, 3_031, 3_032, 3_040])

/** `header | payload size | gzip(JSON)`, big-endian. Source: Volcengine, speech synthesis over WebSocket (6561/1257584). */
export function volcengineRequest(request: object): Buffer {
  const payload = gzipSync(JSON.stringify(request))
  const size = Buffer.alloc(wordBytes)
  size.writeUInt32BE(payload.length)
  return Buffer.concat([requestHeader, size, payload])
}

/**
 * ```
 * version:4 words of header:4 | type:4 flags:4 | serialization:4 compression:4 | reserved | rest of the header | body
 * audio:   sequence (negative: the last) | size | samples     without flags: an acknowledgement, no body
 * failure: code | size | message
 * ```
 * @throws VoiceError with the code and never the message, which may quote what was to be said
 */
export function readVolcengineFrame(frame: SpeechFrame): SpeechPiece {
  if (typeof frame === 'string' || frame.length < wordBytes) throw notTheProtocol()
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  const body = bytes.subarray((bytes.readUInt8(0) & 0xf) * wordBytes)
  const type = bytes.readUInt8(1) >> 4
  if (type === frontend) return {}
  if (type === failure) throw failureOf(body)
  if (type !== audioOnly) throw notTheProtocol()
  const hasSequence = (bytes.readUInt8(1) & 0xf) !== 0
  if (!hasSequence) return {}
  if (body.length < 2 * wordBytes) throw notTheProtocol()
  const size = body.readUInt32BE(wordBytes)
  const payload = body.subarray(2 * wordBytes, 2 * wordBytes + size)
  if (payload.length < size) throw notTheProtocol()
  const isPacked = (bytes.readUInt8(2) & 0xf) === gzip && payload[0] === 0x1f && payload[1] === 0x8b
  return { audio: isPacked ? unpacked(payload) : payload, isLast: body.readInt32BE(0) < 0 }
}

/** The service marks audio as packed that is not, so that the first bytes decide. */
function unpacked(payload: Buffer): Buffer {
  try {
    return gunzipSync(payload, { maxOutputLength: longestPayloadBytes })
  } catch (cause) {
    throw new VoiceError('TTS_FAILED', { detail: 'audio that cannot be unpacked', cause })
  }
}

function failureOf(body: Buffer): VoiceError {
  if (body.length < wordBytes) return notTheProtocol()
  const code = body.readUInt32BE(0)
  return new VoiceError(passingCodes.has(code) ? 'TTS_UNAVAILABLE' : 'TTS_FAILED', { detail: `code ${code}` })
}

const notTheProtocol = () => new VoiceError('TTS_FAILED', { detail: 'a frame that is not the protocol' })
