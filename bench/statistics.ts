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

/** Repeatable: the resampling is seeded. Undefined for an empty sample. */
export function summarise(values: readonly number[], seed = 1): Summary | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const draws = bootstrap(sorted, new SeededRandom(seed))
  const interval = (name: Quantile): readonly [number, number] => {
    const rising = draws[name].toSorted((a, b) => a - b)
    return [quantile(rising, 0.025), quantile(rising, 0.975)]
  }
  return {
    n: sorted.length,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) as number,
    ci: { p50: interval('p50'), p95: interval('p95'), p99: interval('p99') },
  }
}

function bootstrap(sorted: readonly number[], random: SeededRandom): Record<Quantile, number[]> {
  const draws: Record<Quantile, number[]> = { p50: [], p95: [], p99: [] }
  for (let round = 0; round < resamples; round += 1) {
    const drawn = sorted.map(() => sorted[random.below(sorted.length)] as number).sort((a, b) => a - b)
    for (const name of ['p50', 'p95', 'p99'] as const) draws[name].push(quantile(drawn, quantiles[name]))
  }
  return draws
}
