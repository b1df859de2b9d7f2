import type { CallEvent, CallId } from '@parley/core'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { measurementsOf } from './measurements-of.ts'
import { type MetricName, type MetricRow, metricTable } from './metric-table.ts'
import { type MetricSources, samplesOf } from './samples-of.ts'

/** The metrics of one process in the text format of Prometheus. */
export interface Metrics {
  readonly contentType: string
  /** Takes an event of a call of this process. Costs microseconds and never throws. */
  observe(event: CallEvent): void
  /** Reads the sources and writes everything down. */
  render(): Promise<string>
}

/** Calls whose start is remembered. Beyond it the oldest is forgotten and has no set-up time. */
const maxStarted = 20_000

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const metrics = new Map(
    (Object.keys(metricTable) as MetricName[]).map((name) => [name, made(name, metricTable[name], registry)]),
  )
  const startedAtMs = new Map<CallId, number>()

  const observe = (event: CallEvent) => {
    const { callId, wallMs, body } = event
    const started = startedAtMs.get(callId)
    for (const { metric, labels, value } of measurementsOf(event, started)) metrics.get(metric)?.add(labels, value)
    if (body.type === 'call.incoming' || body.type === 'call.dialing') {
      const [oldest] = startedAtMs.keys()
      if (startedAtMs.size >= maxStarted && oldest !== undefined) startedAtMs.delete(oldest)
      startedAtMs.set(callId, wallMs)
    }
    if (body.type === 'call.answered' || body.type === 'call.ended') startedAtMs.delete(callId)
  }

  return {
    contentType: registry.contentType,
    observe,
    async render() {
      const samples = samplesOf(sources)
      // Gateways come and go: what is not there any more is not shown any more.
      for (const name of new Set(samples.map(({ metric }) => metric))) metrics.get(name)?.clear()
      for (const { metric, labels, value } of samples) metrics.get(metric)?.add(labels, value)
      return registry.metrics()
    },
  }
}

interface Metric {
  add(labels: Readonly<Record<string, string>>, value: number): void
  clear(): void
}

function made(name: MetricName, row: MetricRow, registry: Registry): Metric {
  const options = { name, help: row.help, labelNames: Object.keys(row.labels), registers: [registry] }
  switch (row.kind) {
    case 'counter': {
      const counter = new Counter(options)
      return { add: (labels, value) => counter.inc(labels, value), clear: () => counter.reset() }
    }
    case 'gauge': {
      const gauge = new Gauge(options)
      return { add: (labels, value) => gauge.set(labels, value), clear: () => gauge.reset() }
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, buckets: [...(row.buckets ?? [])] })
      return { add: (labels, value) => histogram.observe(labels, value), clear: () => histogram.reset() }
    }
    default:
      return row.kind satisfies never
  }
}
