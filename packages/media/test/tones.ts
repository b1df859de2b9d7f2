/** A tone at 8 kHz. */
export function sine(toneHz: number, samples: number, amplitude = 9000): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * toneHz * i) / 8000)),
  )
}

/** Frequency of the loud part of audio at 8 kHz, by its rising zero crossings. */
export function frequencyHz(samples: readonly number[]): number {
  const isLoud = (sample: number) => Math.abs(sample) > 2000
  const from = samples.findIndex(isLoud)
  const to = samples.findLastIndex(isLoud)
  let crossings = 0
  for (let i = from + 1; i <= to; i += 1) {
    if ((samples[i - 1] as number) < 0 && (samples[i] as number) >= 0) crossings += 1
  }
  return (crossings * 8000) / (to - from)
}
