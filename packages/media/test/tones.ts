/** A tone at 8 kHz. */
export function sine(toneHz: number, samples: number, amplitude = 9000): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * toneHz * i) / 8000)),
  )
}

/** Frequency of a tone at 8 kHz by its rising zero crossings; gaps, as a machine that stood still leaves them, do not count. */
export function frequencyHz(samples: readonly number[]): number {
  const crossings = samples.flatMap((sample, i) => (i > 0 && sample >= 0 && (samples[i - 1] as number) < 0 ? [i] : []))
  const periods = crossings.slice(1).map((at, i) => at - (crossings[i] as number))
  const usual = periods.toSorted((a, b) => a - b)[Math.floor(periods.length / 2)] ?? 0
  const whole = periods.filter((period) => Math.abs(period - usual) <= 2)
  return (8000 * whole.length) / whole.reduce((sum, period) => sum + period, 0)
}
