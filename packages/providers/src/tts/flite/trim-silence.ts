/** Up to this a sample is silence (-54 dBFS): Flite's voices fade out for up to 90 ms. */
const silenceLevel = 64
/** Left before and after the speech, in samples at 8 kHz: 5 ms so that onsets are not clipped, and 20 ms. */
const leadSamples = 40
const tailSamples = 160

/** A part of longer audio: a copy, and how many samples were cut before it. */
export interface TrimmedSpeech {
  readonly samples: Int16Array
  readonly cutSamples: number
}

/** The stretch from the first to the last audible sample of 8 kHz speech; empty when nothing is audible. */
export function trimSilence(samples: Int16Array): TrimmedSpeech {
  let from = 0
  while (from < samples.length && Math.abs(samples[from] as number) <= silenceLevel) from += 1
  if (from === samples.length) return { samples: new Int16Array(0), cutSamples: 0 }
  let to = samples.length
  while (to > from && Math.abs(samples[to - 1] as number) <= silenceLevel) to -= 1
  const cutSamples = Math.max(0, from - leadSamples)
  return { samples: samples.slice(cutSamples, Math.min(samples.length, to + tailSamples)), cutSamples }
}
