import { SeededRandom } from '../seeded-random.ts'
import type { Jitter, NetworkProfile } from './network-profile.ts'

/** Correlation of the jitter of neighbouring packets. Taste: it dies away within half a second. */
const correlation = 0.9
/** A packet that is overtaken comes this much later: after its successor, before the one after that. */
const overtakenMs = 30
/** A duplicate follows the original. */
const duplicateAfterMs = 5
const gammaShape = 2
const normalP99 = 2.326

/**
 * What becomes of each packet of one direction of one call: decided by seed, profile and the instants alone.
 *
 * Loss is a Gilbert chain: in its bad state every packet is lost. Packets keep their order, as in a queue, unless the
 * profile says that one is overtaken.
 *
 * @see E. N. Gilbert, "Capacity of a Burst-Noise Channel", 1960
 */
export class NetworkPath {
  private readonly profile: NetworkProfile
  private readonly random: SeededRandom
  private isBad = false
  private noise: number
  private lastDueMs = Number.NEGATIVE_INFINITY
  private stallFromMs = Number.NaN

  constructor(profile: NetworkProfile, seed: number) {
    this.profile = profile
    this.random = new SeededRandom(seed)
    this.noise = this.random.normal()
  }

  /** Delays after which copies of a packet that is there at `atMs` come out; none: it is lost. `atMs` never falls. */
  fate(atMs: number): readonly number[] {
    const { loss, meanBurst, reorder, duplicates } = this.profile
    const delayMs = this.delayMs(atMs)
    const leave = 1 / meanBurst
    const enter = loss === 0 ? 0 : (leave * loss) / (1 - loss)
    this.isBad = this.random.next() < (this.isBad ? 1 - leave : enter)
    const isOvertaken = this.random.next() < reorder
    const isDoubled = this.random.next() < duplicates
    if (this.isBad) return []
    const dueMs = isOvertaken ? atMs + delayMs + overtakenMs : Math.max(atMs + delayMs, this.lastDueMs)
    if (!isOvertaken) this.lastDueMs = dueMs
    return isDoubled ? [dueMs - atMs, dueMs - atMs + duplicateAfterMs] : [dueMs - atMs]
  }

  private delayMs(atMs: number): number {
    this.noise = correlation * this.noise + Math.sqrt(1 - correlation ** 2) * this.random.normal()
    return this.jittered(this.profile.delayMs, this.profile.jitter, atMs)
  }

  private jittered(delayMs: number, jitter: Jitter, atMs: number): number {
    switch (jitter.kind) {
      case 'none':
        return delayMs
      case 'gauss':
        return Math.min(jitter.capMs, Math.max(0, delayMs + jitter.sigmaMs * this.noise))
      case 'gamma':
        return delayMs + (jitter.p99Ms * gammaQuantile(this.noise)) / gammaQuantile(normalP99)
      case 'spikes':
        return delayMs + this.stallMs(jitter, atMs)
      default:
        return jitter satisfies never
    }
  }

  /** What is left of the stall in which `atMs` lies. */
  private stallMs({ stallMs, everyFromMs, everyToMs }: Extract<Jitter, { kind: 'spikes' }>, atMs: number): number {
    const next = () => everyFromMs + this.random.next() * (everyToMs - everyFromMs)
    if (Number.isNaN(this.stallFromMs)) this.stallFromMs = atMs + next()
    while (atMs >= this.stallFromMs + stallMs) this.stallFromMs += next()
    return atMs < this.stallFromMs ? 0 : this.stallFromMs + stallMs - atMs
  }
}

/** Value of a gamma distribution of shape 2, up to its scale, from a standard normal one. @see Wilson and Hilferty, 1931 */
function gammaQuantile(normal: number): number {
  const root = 1 - 1 / (9 * gammaShape) + normal / (3 * Math.sqrt(gammaShape))
  return Math.max(0, root) ** 3
}
