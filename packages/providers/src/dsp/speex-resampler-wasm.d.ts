declare module '@echogarden/speex-resampler-wasm/simd' {
  /** The part of the Emscripten module that is used here. Heap views change when memory grows: read them each time. */
  export interface SpeexModule {
    readonly HEAP16: Int16Array
    readonly HEAP32: Int32Array
    readonly HEAPU32: Uint32Array
    _malloc(bytes: number): number
    _free(pointer: number): void
    _speex_resampler_init(
      channels: number,
      inputRateHz: number,
      outputRateHz: number,
      quality: number,
      errorPointer: number,
    ): number
    _speex_resampler_destroy(state: number): void
    _speex_resampler_skip_zeros(state: number): number
    _speex_resampler_reset_mem(state: number): number
    _speex_resampler_get_input_latency(state: number): number
    _speex_resampler_process_int(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number
    _speex_resampler_process_float(
      state: number,
      channel: number,
      input: number,
      inputLength: number,
      output: number,
      outputLength: number,
    ): number
  }
  const load: () => Promise<SpeexModule>
  export default load
}
