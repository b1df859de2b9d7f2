/** Zero crossings of the filter to each side of its middle. Taste: 16 leave about 70 dB of what would alias. */
const lobes = 16
/** Of the narrower band, so that the slope of the filter ends before the edge. */
const passband = 0.92

/**
 * One channel at another rate, by a windowed sinc: exact for any ratio, and slow (about 30 multiplications a sample). For
 * whole files, not for calls.
 * @see J. O. Smith, Digital Audio Resampling Home Page, CCRMA, Stanford
 */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return samples
  const ratio = fromHz / toHz
  const cutoff = passband * Math.min(1, 1 / ratio)
  const reach = lobes / cutoff
  const out = new Float32Array(Math.floor(samples.length / ratio))
  for (let i = 0; i < out.length; i += 1) {
    const centre = i * ratio
    const last = Math.min(samples.length - 1, Math.floor(centre + reach))
    let sum = 0
    for (let at = Math.max(0, Math.ceil(centre - reach)); at <= last; at += 1) {
      const x = at - centre
      const angle = Math.PI * x * cutoff
      const sinc = x === 0 ? 1 : Math.sin(angle) / angle
      // Hann window.
      sum += (samples[at] as number) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach))
    }
    out[i] = sum * cutoff
  }
  return out
}
