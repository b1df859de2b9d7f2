import { SeededRandom } from './seeded-random.ts'

/** A sample summed up. `ci`: 95 % bootstrap interval of each quantile that can be gated. */
export interface Summary {
  readonly n: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly ci: Readonly<Record<Quantile, readonly [number, number]>>
}

export type Quantile = 'p50' | 'p95' | 'p99'

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const
const resamples = 1_000

/** Linear interpolation between order statistics; `sorted` rises. NaN of nothing. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)] as number
  const above = sorted[Math.ceil(position)] as number
  return below + (above - below) * (position - Math.floor(position))
}

const rising = (values: readonly number[]) => values.toSorted((a, b) => a - b)

/** Repeatable: the resampling is seeded. Undefined for an empty sample. */
export function summarise(values: readonly number[], seed = 1): Summary | undefined {
  if (values.length === 0) return undefined
  const sorted = rising(values)
  const draw = bootstrap(sorted, new SeededRandom(seed))
  return summaryOf(values.length, (share) => quantile(sorted, share), draw)
}

/** 95 % bootstrap interval of the mean. Repeatable. NaN of nothing. */
export function meanInterval(values: readonly number[], seed = 1): readonly [number, number] {
  const random = new SeededRandom(seed)
  const means = Array.from({ length: resamples }, () => {
    const sum = values.reduce((total) => total + (values[random.below(values.length)] as number), 0)
    return sum / values.length
  })
  return [quantile(rising(means), 0.025), quantile(rising(means), 0.975)]
}

/** How much the quantiles of `values` lie above those of `baseline`. Undefined when one of them is empty. */
export function summariseGrowth(values: readonly number[], baseline: readonly number[], seed = 1): Summary | undefined {
  if (values.length === 0 || baseline.length === 0) return undefined
  const [over, under] = [rising(values), rising(baseline)]
  const random = new SeededRandom(seed)
  const [above, below] = [bootstrap(over, random), bootstrap(under, random)]
  const n = Math.min(values.length, baseline.length)
  return summaryOf(
    n,
    (share) => quantile(over, share) - quantile(under, share),
    (name) => above(name).map((value, index) => value - (below(name)[index] as number)),
  )
}

function summaryOf(n: number, of: (share: number) => number, draw: (name: Quantile) => readonly number[]): Summary {
  const interval = (name: Quantile): readonly [number, number] => {
    const drawn = rising(draw(name))
    return [quantile(drawn, 0.025), quantile(drawn, 0.975)]
  }
  return {
    n,
    p50: of(0.5),
    p90: of(0.9),
    p95: of(0.95),
    p99: of(0.99),
    max: of(1),
    ci: { p50: interval('p50'), p95: interval('p95'), p99: interval('p99') },
  }
}

/** Quantiles of as many samples drawn from `sorted` with replacement. */
function bootstrap(sorted: readonly number[], random: SeededRandom): (name: Quantile) => readonly number[] {
  const draws: Record<Quantile, number[]> = { p50: [], p95: [], p99: [] }
  for (let round = 0; round < resamples; round += 1) {
    const drawn = sorted.map(() => sorted[random.below(sorted.length)] as number).sort((a, b) => a - b)
    for (const name of ['p50', 'p95', 'p99'] as const) draws[name].push(quantile(drawn, quantiles[name]))
  }
  return (name) => draws[name]
}
