const taps = 95
const cutoff = 3500 / 16000

/** Low-pass of a 16 kHz signal: windowed sinc (Blackman), 3.5 kHz, unity gain at 0 Hz. */
const kernel = buildKernel()

function buildKernel(): Float64Array {
  const middle = (taps - 1) / 2
  const weights = Float64Array.from({ length: taps }, (_, i) => {
    const x = i - middle
    const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x)
    const phase = (2 * Math.PI * i) / (taps - 1)
    return sinc * (0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase))
  })
  const gain = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / gain)
}

/** Halves the rate of 16 kHz PCM; the filter's delay is taken out, so sample k lies at sample 2k of the input. */
export function halveRate(samples: Int16Array): Int16Array {
  const half = (taps - 1) / 2
  const output = new Int16Array(Math.floor(samples.length / 2))
  for (let k = 0; k < output.length; k += 1) {
    let sum = 0
    for (let i = 0; i < taps; i += 1) {
      const at = 2 * k + i - half
      if (at >= 0 && at < samples.length) sum += (samples[at] as number) * (kernel[i] as number)
    }
    output[k] = Math.max(-32768, Math.min(32767, Math.round(sum)))
  }
  return output
}
