import type { Summary } from '../statistics.ts'
import type { Frontier, FrontierPoint } from './frontier.ts'
import type { GoalResult } from './goals.ts'
import type { Rate } from './rate.ts'
import type { TurnMetrics } from './turn-metrics.ts'

const percent = (share: number) => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`)
const whole = (value: number | null | undefined) => (value == null || Number.isNaN(value) ? '-' : value.toFixed(0))

/** The tables people read. */
export function formatMetrics(metrics: TurnMetrics): string {
  const durations = Object.entries(metrics.durations).flatMap(([name, summary]) =>
    summary ? [formatRow(name, summary)] : [],
  )
  const rates = Object.entries(metrics.rates).map(([name, rate]) => formatRate(name, rate))
  const means = Object.entries(metrics.means).map(
    ([name, value]) => `  ${name.padEnd(28)}${value.toFixed(2).padStart(9)}`,
  )
  return [
    `\n${metrics.talks} talks`,
    `  ${'ms'.padEnd(28)}${['n', 'p50', 'p90', 'p95', 'p99', 'max'].map((name) => name.padStart(8)).join('')}`,
    ...durations,
    '',
    ...rates,
    '',
    '  means',
    ...means,
    '',
    formatGroup('cut-ins by pause, ms', metrics.cutInsByPauseMs),
    formatGroup('cut-ins by place', metrics.cutInsByPoint),
    '',
    formatPanel(metrics.panel),
  ].join('\n')
}

function formatRow(name: string, { n, p50, p90, p95, p99, max }: Summary): string {
  return `  ${name.padEnd(28)}${String(n).padStart(8)}${[p50, p90, p95, p99, max].map((value) => whole(value).padStart(8)).join('')}`
}

function formatRate(name: string, { hits, n, share, ci }: Rate): string {
  const interval = n === 0 ? '' : `  ${ci.map((end) => (100 * end).toFixed(1)).join(' – ')}`
  return `  ${name.padEnd(28)}${percent(share).padStart(9)}  ${`${hits} of ${n}`.padEnd(14)}${interval}`
}

function formatGroup(title: string, group: Readonly<Record<string, Rate>>): string {
  const cells = Object.entries(group).map(([name, { share }]) => `${name}: ${percent(share)}`)
  return `  ${title}: ${cells.join(', ')}`
}

/** Eight values that published benchmarks of voice systems print, under their names. */
function formatPanel(panel: TurnMetrics['panel']): string {
  const cells = Object.entries(panel).map(
    ([name, value]) =>
      `    ${name.padEnd(26)}${(name.endsWith('latency') ? `${whole(value)} ms` : value.toFixed(3)).padStart(10)}`,
  )
  return ['  panel', ...cells].join('\n')
}

export function formatGoals(goals: readonly GoalResult[]): string {
  return goals
    .map(({ name, goal, limit, isFloor, unit, value, verdict }) => {
      const show = (figure: number) =>
        unit === 'share' ? percent(figure) : unit === 'ms' ? `${whole(figure)} ms` : figure.toFixed(2)
      const shown = verdict === 'pass' ? 'pass' : verdict === 'fail' ? 'FAIL' : 'NOT MEASURED'
      const sign = isFloor ? '>=' : '<='
      return `  goal ${name.padEnd(36)} ${(value === null ? '-' : show(value)).padStart(9)}  ${sign} ${show(limit).padEnd(9)} ${shown}${limit === goal ? '' : ` (goal ${show(goal)})`}`
    })
    .join('\n')
}

/** Both curves side by side. */
export function formatFrontier(curves: Readonly<Record<string, Frontier>>, beyond: readonly FrontierPoint[]): string {
  const rows = Object.entries(curves).map(
    ([name, { latencyAt, cutInsAt }]) =>
      `  ${name.padEnd(22)}${whole(latencyAt.cutIns5).padStart(11)}${whole(latencyAt.cutIns10).padStart(11)}${percent(cutInsAt.ms300 ?? Number.NaN).padStart(12)}${percent(cutInsAt.ms600 ?? Number.NaN).padStart(12)}`,
  )
  const [first] = Object.values(curves)
  const describe = ({ threshold, actionDelayMs, timeoutMs, cutIns, latencyMs }: FrontierPoint) =>
    `    ${whole(latencyMs).padStart(5)} ms ${percent(cutIns).padStart(7)}  threshold ${threshold} actionDelay ${actionDelayMs} timeout ${timeoutMs}`
  const points = (first?.curve ?? []).map(describe)
  return [
    `\n  ${'frontier'.padEnd(22)}${'ms at 5 %'.padStart(11)}${'ms at 10 %'.padStart(11)}${'at 300 ms'.padStart(12)}${'at 600 ms'.padStart(12)}`,
    ...rows,
    `  better than silence alone everywhere: ${beyond.length === 0 ? 'yes' : 'NO, not here:'}`,
    ...beyond.map(describe),
    '  the curve:',
    ...points,
  ].join('\n')
}
