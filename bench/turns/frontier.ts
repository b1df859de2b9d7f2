/** What one setting of the knobs comes to on a set of turns. */
export interface FrontierPoint {
  readonly threshold: number
  readonly actionDelayMs: number
  readonly timeoutMs: number
  /** Share of turns in which the turn was held to be over before it was. */
  readonly cutIns: number
  /** Mean hold of the other turns, ms. */
  readonly latencyMs: number
}

export interface Frontier {
  /** The points that no other one beats in both respects, by rising latency. */
  readonly curve: readonly FrontierPoint[]
  readonly latencyAt: { readonly cutIns5: number | null; readonly cutIns10: number | null }
  readonly cutInsAt: { readonly ms300: number | null; readonly ms600: number | null }
}

/** The best that can be had, by interpolation between neighbours; null where no point reaches. */
export function frontierOf(points: readonly FrontierPoint[]): Frontier {
  const curve: FrontierPoint[] = []
  for (const point of points.toSorted((a, b) => a.latencyMs - b.latencyMs || a.cutIns - b.cutIns)) {
    if (point.cutIns < (curve.at(-1)?.cutIns ?? Number.POSITIVE_INFINITY)) curve.push(point)
  }
  return {
    curve,
    latencyAt: { cutIns5: latencyAt(curve, 0.05), cutIns10: latencyAt(curve, 0.1) },
    cutInsAt: { ms300: cutInsAt(curve, 300), ms600: cutInsAt(curve, 600) },
  }
}

function latencyAt(curve: readonly FrontierPoint[], cutIns: number): number | null {
  const next = curve.findIndex((point) => point.cutIns <= cutIns)
  const [before, after] = [curve[next - 1], curve[next]]
  if (!after || !before) return after?.latencyMs ?? null
  const share = (before.cutIns - cutIns) / (before.cutIns - after.cutIns)
  return before.latencyMs + share * (after.latencyMs - before.latencyMs)
}

/** Least cut-ins at a latency. */
function cutInsAt(curve: readonly FrontierPoint[], latencyMs: number): number | null {
  const next = curve.findIndex((point) => point.latencyMs > latencyMs)
  if (next === 0) return null
  const before = curve.at(next < 0 ? -1 : next - 1)
  const after = next < 0 ? undefined : curve[next]
  if (!before || !after) return before?.cutIns ?? null
  const share = (latencyMs - before.latencyMs) / (after.latencyMs - before.latencyMs)
  return before.cutIns + share * (after.cutIns - before.cutIns)
}

/** Below this nobody can act: words come 120 ms after they are said, a pause is looked at every 100 ms. */
const comparedFromMs = 220

/** Points of the other curve at whose latency mine has more cut-ins. `slack`: what chance may do. None: mine dominates. */
export function pointsBeyond(mine: Frontier, other: Frontier, slack = 0.005): readonly FrontierPoint[] {
  return other.curve.filter(({ latencyMs, cutIns }) => {
    const reached = cutInsAt(mine.curve, latencyMs)
    return latencyMs >= comparedFromMs && (reached === null || reached > cutIns + slack)
  })
}
