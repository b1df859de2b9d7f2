/** Up to this a sample is silence (-54 dBFS): Flite's voices fade out for up to 90 ms. */
const silenceLevel = 64
/** Left before and after the speech, in samples at 8 kHz: 5 ms so that onsets are not clipped, and 20 ms. */
const leadSamples = 40
const tailSamples = 160

/** The stretch from the first to the last audible sample of 8 kHz speech; empty when nothing is audible. */
export function trimSilence(samples: Int16Array): Int16Array {
  let from = 0
  while (from < samples.length && Math.abs(samples[from] as number) <= silenceLevel) from += 1
  if (from === samples.length) return new Int16Array(0)
  let to = samples.length
  while (to > from && Math.abs(samples[to - 1] as number) <= silenceLevel) to -= 1
  return samples.slice(Math.max(0, from - leadSamples), Math.min(samples.length, to + tailSamples))
}
