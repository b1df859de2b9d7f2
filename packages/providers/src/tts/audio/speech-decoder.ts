import { VoiceError } from '@parley/core'
import { createDownsampler, type Downsampler } from './downsampler.ts'
import { WavStripper } from './wav-stripper.ts'

/** How to bring a rate down to 8 kHz; asked once per response, when its rate is known. */
export type DownsamplerFactory = (fromHz: number) => Downsampler

/** What was asked of the service, and holds unless the answer says otherwise. */
export interface RequestedAudio {
  readonly sampleRateHz: number
  readonly channels: number
}

/**
 * Decodes the body of one response into `Int16` mono 8 kHz.
 *
 * `audio/L16` is taken as little-endian: RFC 2586 says network order, but the services that speak this protocol send
 * the samples as they lie in memory.
 */
export class SpeechDecoder {
  private readonly wav: WavStripper | undefined
  private readonly requested: RequestedAudio
  private readonly factory: DownsamplerFactory
  private downsampler: Downsampler | undefined
  private channels = 1
  /** Bytes short of a whole sample of all channels. */
  private rest: Uint8Array = new Uint8Array(0)

  /** @throws VoiceError TTS_FAILED when `contentType` is no audio this protocol uses */
  constructor(contentType: string, requested: RequestedAudio, factory: DownsamplerFactory = createDownsampler) {
    const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
    if (type === 'audio/wav' || type === 'audio/x-wav' || type === 'audio/wave') {
      this.wav = new WavStripper()
    } else if (type !== 'audio/l16' && type !== 'audio/pcm') {
      throw new VoiceError('TTS_FAILED', { detail: `answered with content type ${type || 'none'}` })
    }
    this.requested = {
      sampleRateHz: numberOf(parameters, 'rate') ?? requested.sampleRateHz,
      channels: numberOf(parameters, 'channels') ?? requested.channels,
    }
    this.factory = factory
  }

  /** Samples that `bytes` completes, possibly none. The result is the caller's; `bytes` is borrowed. */
  push(bytes: Uint8Array): Int16Array {
    const pcm = this.wav ? this.wav.push(bytes) : bytes
    if (this.wav && !this.wav.format) return new Int16Array(0)
    const downsampler = this.open()
    const frameBytes = 2 * this.channels
    const joined = this.rest.length === 0 ? pcm : Buffer.concat([this.rest, pcm])
    const frames = Math.floor(joined.length / frameBytes)
    this.rest = joined.slice(frames * frameBytes)
    return downsampler.push(mixDown(joined, frames, this.channels))
  }

  private open(): Downsampler {
    if (this.downsampler) return this.downsampler
    const format = this.wav?.format ?? this.requested
    this.channels = Math.max(1, format.channels)
    this.downsampler = this.factory(format.sampleRateHz)
    return this.downsampler
  }
}

function mixDown(bytes: Uint8Array, frames: number, channels: number): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = new Int16Array(frames)
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1) {
      sum += view.getInt16((frame * channels + channel) * 2, true)
    }
    samples[frame] = sum / channels
  }
  return samples
}

function numberOf(parameters: readonly string[], name: string): number | undefined {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`))
  const value = Number(found?.slice(name.length + 1))
  return Number.isInteger(value) && value > 0 ? value : undefined
}
