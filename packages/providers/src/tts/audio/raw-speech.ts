import { sampleRateHz, VoiceError } from '@parley/core'
import type { SpeechReader } from '../http/http-synthesizer.ts'
import { SpeechDecoder } from './speech-decoder.ts'

/** How files begin that are no raw audio; played as such they are loud noise. */
const containers = /^(?:ID3|RIFF|OggS|fLaC)/

/**
 * Decodes what was asked for as 16-bit little-endian mono at 8 kHz, for services that name their raw audio in various ways.
 *
 * @throws VoiceError TTS_FAILED when `contentType` is nothing that raw audio is called; `push` when a file begins instead
 */
export function rawSpeech(contentType: string): SpeechReader {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && type !== 'application/octet-stream' && !type.startsWith('audio/')) throw notRaw(type)
  const decoder = new SpeechDecoder('audio/pcm', { sampleRateHz, channels: 1 })
  let isFirst = true
  return {
    push(bytes) {
      const begin = isFirst ? Buffer.from(bytes.subarray(0, 4)).toString('latin1') : ''
      isFirst = false
      if (containers.test(begin)) throw notRaw(`${type || 'none'} that begins with ${begin.slice(0, 3)}`)
      return decoder.push(bytes)
    },
  }
}

const notRaw = (type: string) => new VoiceError('TTS_FAILED', { detail: `answered with content type ${type}` })
