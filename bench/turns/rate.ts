/** A share with its 95 % interval. `share` is NaN of nothing. */
export interface Rate {
  readonly hits: number
  readonly n: number
  readonly share: number
  readonly ci: readonly [number, number]
}

const z = 1.96

/** Interval by Wilson's score, which is sound for rare events and few of them. */
export function rate(hits: number, n: number): Rate {
  if (n === 0) return { hits, n, share: Number.NaN, ci: [0, 1] }
  const share = hits / n
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  return { hits, n, share, ci: [hits === 0 ? 0 : middle - half, hits === n ? 1 : middle + half] }
}

export function rateOf<T>(items: readonly T[], isHit: (item: T) => boolean): Rate {
  return rate(items.filter(isHit).length, items.length)
}
