/** 5 ms at 8 kHz, the grain in which audibility is judged. */
export const blockSamples = 40

/** Level of silence made of zeros; stands for minus infinity so that JSON can carry it. */
const floorDb = -120

/** RMS level of `samples[from, to)` in dB relative to full scale. */
export function levelDb(samples: Int16Array, from = 0, to = samples.length): number {
  let energy = 0
  for (let i = from; i < to; i += 1) energy += (samples[i] as number) ** 2
  if (energy === 0 || to <= from) return floorDb
  return Math.max(floorDb, 10 * Math.log10(energy / (to - from)) - 20 * Math.log10(32768))
}

/** Where sound lies in a packet; sample offsets, `fromSample` inclusive, `toSample` exclusive. */
export interface AudibleSpan {
  readonly fromSample: number
  readonly toSample: number
}

/** First to last 5 ms block above `thresholdDb`, or undefined when none is. */
export function audibleSpan(samples: Int16Array, thresholdDb: number): AudibleSpan | undefined {
  let fromSample = -1
  let toSample = 0
  for (let at = 0; at < samples.length; at += blockSamples) {
    const end = Math.min(at + blockSamples, samples.length)
    if (levelDb(samples, at, end) <= thresholdDb) continue
    if (fromSample < 0) fromSample = at
    toSample = end
  }
  return fromSample < 0 ? undefined : { fromSample, toSample }
}
