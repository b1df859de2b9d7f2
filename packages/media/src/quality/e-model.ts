import type { CodecName } from '@parley/core'

/** What one direction of a call suffered. */
export interface Impairment {
  readonly codec: CodecName
  /** Packets that were not played, lost or too late, of those sent: 0-100. */
  readonly lossPercent: number
  /** Mouth to ear, ms. */
  readonly oneWayMs: number
}

/** Rating with nothing wrong but the line itself: G.107's default values, as commonly rounded. */
const bestRating = 93.2

/**
 * Equipment impairment and robustness against random loss, on the scale of the telephone band. G.711 with concealment of its
 * appendix I. Wideband codecs are rated as G.711 on purpose: their own scale (G.107.1, 129 at best) is another opinion of
 * other listeners, on which a perfect G.722 call scores below a perfect G.711 call of this one, so that calls of one
 * installation could not be compared. 0 is what they would have here at worst, as they sound no worse than G.711; for how
 * they stand loss under our concealment nobody has published a value.
 * @see ITU-T G.113 appendix I
 */
const equipment: Readonly<Record<CodecName, { readonly impairment: number; readonly lossRobustness: number }>> = {
  PCMA: { impairment: 0, lossRobustness: 25.1 },
  PCMU: { impairment: 0, lossRobustness: 25.1 },
  G722: { impairment: 0, lossRobustness: 25.1 },
  opus: { impairment: 0, lossRobustness: 25.1 },
}

/**
 * Mean opinion score, 1 to 4.5, that listeners would give, to two digits: the E-model with its default values, random
 * loss and no echo. An estimate: nobody listened.
 * @see ITU-T G.107; delay: R. Cole and J. Rosenbluth, "Voice over IP performance monitoring" (2001)
 */
export function estimateMos({ codec, lossPercent, oneWayMs }: Impairment): number {
  const { impairment, lossRobustness } = equipment[codec]
  const delayImpairment = 0.024 * oneWayMs + 0.11 * Math.max(0, oneWayMs - 177.3)
  const lossImpairment = impairment + ((95 - impairment) * lossPercent) / (lossPercent + lossRobustness)
  return Math.round(mosOfRating(bestRating - delayImpairment - lossImpairment) * 100) / 100
}

/** @see ITU-T G.107 annex B */
function mosOfRating(rating: number): number {
  if (rating <= 0) return 1
  if (rating >= 100) return 4.5
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
}
