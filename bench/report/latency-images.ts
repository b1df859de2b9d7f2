import type { ResultsFile, RunReport } from '../results-file.ts'
import { distribution, drawPlot, type PlotSeries } from './svg-plot.ts'

/** A picture beside the page. */
export interface PageImage {
  readonly name: string
  readonly svg: string
}

/** Runs that could be made. */
export const measured = ({ runs }: ResultsFile) => runs.filter((run) => run.n > 0)

/** The network a run went over; undefined: none. */
export const network = (run: RunReport) => run.config.network as string | undefined

/** The runs that differ in nothing but the calls at once. */
export const runsByCalls = (results: ResultsFile) =>
  ['calls-1', 'speculative-500', 'calls-50'].flatMap((id) => measured(results).find((run) => run.id === id) ?? [])

const quarters = [0, 0.25, 0.5, 0.75, 1]

function distributions(runs: readonly RunReport[], nameOf: (run: RunReport) => string): readonly PlotSeries[] {
  return runs.flatMap((run) => {
    const values = run.samples?.V2V ?? []
    return values.length === 0 ? [] : [{ name: nameOf(run), points: distribution(values) }]
  })
}

function ticksUpTo(values: readonly number[], from: number, step: number): readonly number[] {
  const last = Math.max(from + step, ...values)
  return Array.from({ length: Math.ceil((last - from) / step) + 1 }, (_, index) => from + index * step)
}

function v2vImage(name: string, title: string, series: readonly PlotSeries[]): PageImage | undefined {
  if (series.length === 0) return undefined
  const largest = series.map(({ points }) => points.at(-1)?.[0] ?? 0)
  const xTicks = ticksUpTo(largest, 200, 100)
  const svg = drawPlot({ title, xLabel: 'V2V, ms', yLabel: 'share of clean turns', xTicks, yTicks: quarters, series })
  return { name, svg }
}

/** V2V by mode. Undefined: no run of them. */
export function modesImage(results: ResultsFile): PageImage | undefined {
  const ids = [
    'adaptive',
    'speculative-500',
    'speculative-300',
    'speculative-700',
    'fast-300',
    'sequential-300',
    'eager-events',
  ]
  const runs = ids.flatMap((id) => measured(results).find((run) => run.id === id) ?? [])
  return v2vImage(
    'v2v-by-mode',
    'End of speech to first sound, by mode',
    distributions(runs, (run) => run.id),
  )
}

/** V2V by network, on our side. */
export function networksImage(results: ResultsFile): PageImage | undefined {
  const runs = measured(results).filter((run) => network(run) !== undefined)
  const series = distributions(runs, (run) => network(run) ?? '')
  return v2vImage('v2v-by-network', 'The same over networks, the relay taken out', series)
}

/** E against calls at once. Undefined with fewer than two numbers of calls. */
export function callsImage(results: ResultsFile): PageImage | undefined {
  const runs = runsByCalls(results)
  if (runs.length < 2) return undefined
  const series = (['p50', 'p95', 'p99'] as const).map((quantile) => ({
    name: `E ${quantile}`,
    marks: true,
    points: runs.flatMap((run) => {
      const value = run.metrics.E?.[quantile]
      return value === undefined ? [] : [[run.config.calls as number, value] as const]
    }),
  }))
  const largest = series.flatMap(({ points }) => points.map(([, y]) => y))
  const svg = drawPlot({
    title: "The engine's own time, by calls at once",
    xLabel: 'calls',
    yLabel: 'E, ms',
    xTicks: [1, 10, 50],
    yTicks: ticksUpTo(largest, 0, Math.max(...largest) > 50 ? 20 : 5),
    isLogX: true,
    series,
  })
  return { name: 'own-time-by-calls', svg }
}
