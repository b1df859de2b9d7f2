import { Rnnoise, type RnnoiseExports, rnnoiseFrameSamples } from '../../dsp/rnnoise.ts'
import { type SpeexModule, SpeexResampler } from '../../dsp/speex-resampler.ts'

/** 8 kHz uplink audio as the 16 kHz audio that the recogniser reads, with or without noise suppression. */
export class WidebandFilter implements Disposable {
  private readonly up: SpeexResampler
  private readonly denoise: { readonly rnnoise: Rnnoise; readonly down: SpeexResampler } | undefined
  private readonly frame = new Int16Array(rnnoiseFrameSamples)
  private filled = 0

  constructor(speex: SpeexModule, rnnoise: RnnoiseExports | undefined) {
    this.up = new SpeexResampler(speex, 8000, rnnoise ? 48_000 : 16_000)
    this.denoise = rnnoise && { rnnoise: new Rnnoise(rnnoise), down: new SpeexResampler(speex, 48_000, 16_000) }
  }

  /** Returns a new buffer. What does not fill a frame of 10 ms is kept for the next call. */
  process(samples: Int16Array): Int16Array {
    const raised = this.up.process(samples)
    if (!this.denoise) return raised
    const clean = new Int16Array(this.filled + raised.length)
    let written = 0
    for (let at = 0; at < raised.length; ) {
      const piece = raised.subarray(at, at + rnnoiseFrameSamples - this.filled)
      this.frame.set(piece, this.filled)
      this.filled += piece.length
      at += piece.length
      if (this.filled < rnnoiseFrameSamples) break
      this.denoise.rnnoise.process(this.frame)
      clean.set(this.frame, written)
      written += rnnoiseFrameSamples
      this.filled = 0
    }
    return this.denoise.down.process(clean.subarray(0, written))
  }

  [Symbol.dispose](): void {
    this.up[Symbol.dispose]()
    this.denoise?.rnnoise[Symbol.dispose]()
    this.denoise?.down[Symbol.dispose]()
  }
}
