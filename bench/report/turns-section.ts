import type { PageSection } from './latency-section.ts'
import { figure, markdownTable } from './markdown-table.ts'
import type { TurnsGoal, TurnsResults } from './results-reader.ts'
import { drawPlot } from './svg-plot.ts'

const percent = (share: number | null) => (share === null ? '-' : `${figure(100 * share)} %`)

/** Goals of turn-taking and the curve of cut-ins against latency. */
export function turnsSection({ n, gates, frontier, panel }: TurnsResults): PageSection {
  const rows = gates.map((goal) => [
    goal.name,
    `${goal.isFloor ? '≥' : '≤'} ${show(goal, goal.limit)}`,
    show(goal, goal.value),
    goal.verdict,
  ])
  const curves = Object.entries(frontier ?? {}).map(([name, { curve }]) => ({
    name,
    points: curve.map(({ latencyMs, cutIns }) => [latencyMs, 100 * cutIns] as const),
  }))
  const hasCurves = curves.some(({ points }) => points.length > 0)
  const svg = drawPlot({
    title: 'Cut-ins against latency: the best settings of the three knobs',
    xLabel: 'mean hold of turns that were over, ms',
    yLabel: 'turns cut in on, %',
    xTicks: [200, 400, 600, 800, 1_000],
    yTicks: [0, 10, 20, 30, 40, 50],
    series: curves,
  })
  const markdown = [
    '## Turn-taking',
    `${n} virtual talks: a simulated clock, the reducer and no sockets.`,
    ...(hasCurves ? ['![Cut-ins against latency](measurements/frontier.svg)'] : []),
    markdownTable(['goal', 'limit', 'value', 'verdict'], rows),
    ...(panel
      ? [
          'Under the names of published benchmarks:',
          markdownTable(
            ['value', ''],
            Object.entries(panel).map(([name, value]) => [name, figure(value)]),
          ),
        ]
      : []),
  ].join('\n\n')
  return { markdown, images: hasCurves ? [{ name: 'frontier', svg }] : [] }
}

function show({ unit }: TurnsGoal, value: number | null): string {
  switch (unit) {
    case 'share':
      return percent(value)
    case 'ms':
      return value === null ? '-' : `${figure(value)} ms`
    case 'number':
      return figure(value)
    default:
      return unit satisfies never
  }
}
