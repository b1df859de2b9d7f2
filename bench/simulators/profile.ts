import type { SeededRandom } from '../seeded-random.ts'

/** How fast the simulated providers are; delays in ms. */
export interface Profile {
  /** ASR: end of a word to a partial that holds it. */
  readonly partialMs: number
  /** ASR: `Finalize` to the final. */
  readonly finalMs: number
  /** LLM: request to the first token. */
  readonly firstTokenMs: number
  readonly tokensPerSecond: number
  /** TTS: request to the first byte. */
  readonly firstAudioMs: number
  /** TTS: how many times faster than real time the rest comes. */
  readonly speed: number
  /** Standard deviation of the logarithm of each delay; 0: none. */
  readonly sigma: number
}

export const profiles = {
  reference: {
    partialMs: 120,
    finalMs: 120,
    firstTokenMs: 250,
    tokensPerSecond: 60,
    firstAudioMs: 100,
    speed: 5,
    sigma: 0,
  },
  fast: {
    partialMs: 80,
    finalMs: 60,
    firstTokenMs: 120,
    tokensPerSecond: 150,
    firstAudioMs: 75,
    speed: 5,
    sigma: 0,
  },
  slow: {
    partialMs: 250,
    finalMs: 350,
    firstTokenMs: 600,
    tokensPerSecond: 40,
    firstAudioMs: 250,
    speed: 3,
    sigma: 0,
  },
  jittery: {
    partialMs: 120,
    finalMs: 120,
    firstTokenMs: 250,
    tokensPerSecond: 60,
    firstAudioMs: 100,
    speed: 5,
    sigma: 0.4,
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles

/** `ms` with the profile's log-normal jitter. */
export function jittered(ms: number, profile: Profile, random: SeededRandom): number {
  return profile.sigma === 0 ? ms : ms * Math.exp(profile.sigma * random.normal())
}
