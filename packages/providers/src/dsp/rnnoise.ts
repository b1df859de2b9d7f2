import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** 10 ms at 48 kHz. */
export const rnnoiseFrameSamples = 480

interface RnnoiseExports {
  readonly memory: WebAssembly.Memory
  readonly __wasm_call_ctors: () => void
  readonly rnnoise_create: (model: number) => number
  readonly rnnoise_destroy: (state: number) => void
  readonly rnnoise_process_frame: (state: number, output: number, input: number) => number
  readonly malloc: (bytes: number) => number
  readonly free: (pointer: number) => void
}

/** One instance of the library (16 MB of memory), shared by all denoisers of a thread. */
export async function loadRnnoise(): Promise<RnnoiseExports> {
  const path = fileURLToPath(import.meta.resolve('@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm'))
  let memory: WebAssembly.Memory | undefined
  const { instance } = await WebAssembly.instantiate(await readFile(path), {
    env: {
      emscripten_memcpy_big: (to: number, from: number, bytes: number) => {
        if (memory) new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes)
      },
      emscripten_resize_heap: () => 0,
      __assert_fail: () => {
        throw new Error('rnnoise: assertion failed')
      },
    },
  })
  // The module's interface is fixed by its exact version.
  const exports = instance.exports as unknown as RnnoiseExports
  memory = exports.memory
  exports.__wasm_call_ctors()
  return exports
}

/** Takes noise out of one mono 48 kHz stream. The signal comes out one frame (10 ms) late. */
export class Rnnoise implements Disposable {
  private readonly library: RnnoiseExports
  private readonly state: number
  private readonly buffer: number

  constructor(library: RnnoiseExports) {
    this.library = library
    this.state = library.rnnoise_create(0)
    this.buffer = library.malloc(4 * rnnoiseFrameSamples)
    if (this.state === 0 || this.buffer === 0) throw new Error('rnnoise: out of memory')
  }

  /** Replaces `frame` (480 samples, `Int16`) by its denoised form. */
  process(frame: Int16Array): void {
    const floats = new Float32Array(this.library.memory.buffer, this.buffer, rnnoiseFrameSamples)
    floats.set(frame)
    this.library.rnnoise_process_frame(this.state, this.buffer, this.buffer)
    for (let at = 0; at < rnnoiseFrameSamples; at += 1) {
      frame[at] = Math.max(-32_768, Math.min(32_767, Math.round(floats[at] as number)))
    }
  }

  [Symbol.dispose](): void {
    this.library.rnnoise_destroy(this.state)
    this.library.free(this.buffer)
  }
}

export type { RnnoiseExports }
