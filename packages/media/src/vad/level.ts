/** Level of `Int16` samples in dBFS (RMS of a full-scale square wave is 0); -96 for digital silence. */
export function levelDb(samples: Int16Array, from: number, count: number): number {
  let sum = 0
  for (let i = from; i < from + count; i += 1) {
    const value = samples[i] as number
    sum += value * value
  }
  return sum === 0 ? -96 : 10 * Math.log10(sum / count) - 90.309
}

/** Levels of the blocks of `blockSamples` samples that `samples` consists of, to `into`. */
export function blockLevelsDb(samples: Int16Array, blockSamples: number, into: Float32Array): void {
  for (let b = 0; b < into.length; b += 1) into[b] = levelDb(samples, b * blockSamples, blockSamples)
}
