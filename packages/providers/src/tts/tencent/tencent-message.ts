import { VoiceError } from '@parley/core'
import { numberOr, parseJson, recordOf } from '../../asr/deepgram/json-message.ts'
import type { SpeechPiece } from '../socket/socket-synthesizer.ts'
import type { SpeechFrame } from '../socket/speech-socket.ts'

/** More requests at once than the account may have: over when one of them is. */
const tooManyAtOnce = 10_002

/**
 * Audio comes as bytes, everything else as JSON: `code` 0 or that of a failure, `final` 1 after the last audio. Heartbeats and
 * timings are passed over. @throws VoiceError with the code and never the message, which may quote what was to be said
 */
export function readTencentFrame(frame: SpeechFrame): SpeechPiece {
  if (typeof frame !== 'string') return { audio: frame }
  const message = recordOf(parseJson(frame))
  if (!message) throw new VoiceError('TTS_FAILED', { detail: 'a message that is not JSON' })
  const code = numberOr(message.code, 0)
  if (code === tooManyAtOnce) throw new VoiceError('TTS_UNAVAILABLE', { detail: `code ${code}` })
  if (code !== 0) throw new VoiceError('TTS_FAILED', { detail: `code ${code}` })
  return { isLast: message.final === 1 }
}
