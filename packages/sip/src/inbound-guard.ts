import type { Clock } from '@parley/core'
import { numberOf, type TrunkConfig, type TrunkNumber } from './trunk-config.ts'

/** A call that was let in; disposing frees its place. */
export type Admission =
  | { readonly kind: 'admitted'; readonly place: Disposable }
  | { readonly kind: 'refused'; readonly reason: 'concurrency' | 'rate' }

/** Sources whose pace is remembered; beyond it those that have been quiet are forgotten. */
const maxPaces = 10_000

interface Limit {
  readonly key: string
  readonly maxConcurrent: number | undefined
  readonly maxCps: number | undefined
}

/**
 * Counts incoming calls and paces them, per trunk, per number and per source. A refused call takes nothing from anybody's
 * pace, so a source that floods does not use up what its trunk may do.
 */
export class InboundGuard {
  private readonly live = new Map<string, number>()
  /** When the next call of a key would be exactly on pace, in clock ms (generic cell rate algorithm, ITU-T I.371). */
  private readonly paceMs = new Map<string, number>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  admit(trunk: TrunkConfig, number: string, source: string): Admission {
    const limits = limitsOf(trunk, number, source)
    const nowMs = this.clock.nowMs()
    if (limits.some(({ key, maxConcurrent = Infinity }) => (this.live.get(key) ?? 0) >= maxConcurrent)) {
      return { kind: 'refused', reason: 'concurrency' }
    }
    if (!limits.every((limit) => this.isOnPace(limit, nowMs))) return { kind: 'refused', reason: 'rate' }
    for (const limit of limits) this.count(limit, nowMs)
    return { kind: 'admitted', place: this.placeOf(limits) }
  }

  /** `maxCps` calls may come at once, then one each 1/`maxCps` s. */
  private isOnPace({ key, maxCps }: Limit, nowMs: number): boolean {
    if (maxCps === undefined) return true
    const intervalMs = 1_000 / maxCps
    return (this.paceMs.get(key) ?? nowMs) - nowMs <= (Math.max(1, Math.floor(maxCps)) - 1) * intervalMs
  }

  private count({ key, maxConcurrent, maxCps }: Limit, nowMs: number): void {
    if (maxConcurrent !== undefined) this.live.set(key, (this.live.get(key) ?? 0) + 1)
    if (maxCps === undefined) return
    if (this.paceMs.size >= maxPaces) this.forgetQuiet(nowMs)
    this.paceMs.set(key, Math.max(this.paceMs.get(key) ?? nowMs, nowMs) + 1_000 / maxCps)
  }

  private forgetQuiet(nowMs: number): void {
    for (const [key, dueMs] of this.paceMs) if (dueMs <= nowMs) this.paceMs.delete(key)
  }

  private placeOf(limits: readonly Limit[]): Disposable {
    let taken = true
    return {
      [Symbol.dispose]: () => {
        if (!taken) return
        taken = false
        for (const { key, maxConcurrent } of limits) {
          if (maxConcurrent === undefined) continue
          const left = (this.live.get(key) ?? 1) - 1
          if (left > 0) this.live.set(key, left)
          else this.live.delete(key)
        }
      },
    }
  }
}

function limitsOf(trunk: TrunkConfig, number: string, source: string): readonly Limit[] {
  const { maxConcurrent, maxCps, maxCpsPerSource } = trunk.inbound ?? {}
  const isThis = (entry: string | TrunkNumber): entry is TrunkNumber =>
    typeof entry !== 'string' && numberOf(entry) === number
  const own = trunk.numbers.find(isThis)
  return [
    { key: `source ${trunk.name} ${source}`, maxConcurrent: undefined, maxCps: maxCpsPerSource },
    { key: `number ${trunk.name} ${number}`, maxConcurrent: own?.maxConcurrent, maxCps: own?.maxCps },
    { key: `trunk ${trunk.name}`, maxConcurrent, maxCps },
  ]
}
