import type { Gate } from './gates.ts'
import type { RunReport } from './results-file.ts'
import type { Summary } from './statistics.ts'

/** The short table people read. `unit` stands over the names. */
export function formatRun(report: RunReport, unit: string): string {
  const share = `${(100 * report.machine.usefulShare).toFixed(0)} % useful CPU`
  const head = `\n${report.id}: ${report.n} measured, ${report.clean} clean, ${share}, ${report.machine.stallsPerMin.toFixed(0)} stalls a minute`
  const rows = Object.entries(report.metrics).map(([name, summary]) => formatRow(name, summary))
  const counts = Object.entries(report.counts).map(([name, value]) => `${name} ${tidy(value)}`)
  return [
    head,
    ...(rows.length > 0 ? [formatHead(unit), ...rows] : []),
    ...(counts.length > 0 ? [`  ${counts.join(', ')}`] : []),
    ...report.notes.map((note) => `  ${note}`),
    ...report.gates.map(formatGate),
  ].join('\n')
}

const tidy = (value: number) => String(Math.round(value * 100) / 100)
/** Two digits where one would say nothing. */
const shown = (value: number) => value.toFixed(Math.abs(value) < 10 ? 2 : 1)
const cell = (value: number) => shown(value).padStart(8)

const formatHead = (unit: string) =>
  `  ${unit.padEnd(16)}${['n', 'p50', 'p90', 'p95', 'p99', 'max'].map((name) => name.padStart(8)).join('')}  p50 95 % CI`

function formatRow(name: string, summary: Summary): string {
  const { n, p50, p90, p95, p99, max, ci } = summary
  const values = [p50, p90, p95, p99, max].map(cell).join('')
  return `  ${name.padEnd(16)}${String(n).padStart(8)}${values}  ${ci.p50.map(shown).join(' – ')}`
}

function formatGate({ name, limit, goal, value, n, verdict }: Gate): string {
  const said = verdict === 'pass' ? 'pass' : verdict.toUpperCase()
  return `  gate ${name.padEnd(22)} ${value === null ? '-' : shown(value)} of ${limit} (goal ${goal}, n ${n}): ${said}`
}
