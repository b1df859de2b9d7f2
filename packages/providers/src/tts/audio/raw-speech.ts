import { sampleRateHz, VoiceError } from '@parley/core'
import { SpeechDecoder } from './speech-decoder.ts'

/**
 * Decodes what was asked for as 16-bit little-endian mono at 8 kHz, for services that name their raw audio in various ways.
 *
 * @throws VoiceError TTS_FAILED when `contentType` is nothing that raw audio is called
 */
export function rawSpeech(contentType: string): SpeechDecoder {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && type !== 'application/octet-stream' && !type.startsWith('audio/')) {
    throw new VoiceError('TTS_FAILED', { detail: `answered with content type ${type}` })
  }
  return new SpeechDecoder('audio/pcm', { sampleRateHz, channels: 1 })
}
