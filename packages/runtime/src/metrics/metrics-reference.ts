import { type MetricRow, metricTable } from './metric-table.ts'

/** The text of `docs/metrics.md`. */
export function metricsReference(): string {
  const rows = Object.entries<MetricRow>(metricTable).map(([name, { kind, help, labels }]) => {
    const values = Object.entries(labels).map(([label, text]) => `\`${label}\` (${text})`)
    return `| \`${name}\` | ${kind} | ${values.join(', ')} | ${help} |`
  })
  return `# Metrics

Generated from \`packages/runtime/src/metrics/metric-table.ts\`; do not edit by hand. How to read them:
[observability.md](observability.md). Besides these the process tells of itself under the usual names of Node.js exporters:
\`process_resident_memory_bytes\`, \`process_cpu_seconds_total\`, \`process_open_fds\`, \`nodejs_eventloop_lag_p99_seconds\`,
\`nodejs_heap_size_used_bytes\`, \`nodejs_gc_duration_seconds\` and their kin.

| metric | kind | labels | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
