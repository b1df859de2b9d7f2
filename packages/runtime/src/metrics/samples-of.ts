import type { RecordingBacklog } from '@parley/core'
import type { Measurement } from './measurements-of.ts'

/** Where the values are read that no event tells. Counts are since the start of the process. */
export interface MetricSources {
  readonly liveCalls: () => number
  readonly isDraining: () => boolean
  readonly gateways: () => readonly {
    readonly trunk: string
    readonly transport: string
    readonly host: string
    readonly port: number
    readonly isUp: boolean
    readonly answers: number
    readonly failures: number
  }[]
  readonly sip: () => {
    readonly received: number
    readonly malformed: number
    readonly dropped: number
    readonly refused: number
    readonly live: number
  }
  /** Incoming calls turned away, by reason. */
  readonly refusals: () => Readonly<Record<string, number>>
  readonly freeRtpPorts: () => number
  readonly recordings: () => RecordingBacklog
  /** By rules of retention. */
  readonly erased: () => Readonly<Record<string, number>>
  readonly database: () => { readonly total: number; readonly idle: number; readonly waiting: number }
}

/** What the sources say now. */
export function samplesOf(sources: MetricSources): readonly Measurement[] {
  const sip = sources.sip()
  const database = sources.database()
  const recordings = sources.recordings()
  const sample = (metric: Measurement['metric'], value: number, labels: Measurement['labels'] = {}) => ({
    metric,
    labels,
    value,
  })
  return [
    sample('parley_calls_live', sources.liveCalls()),
    sample('parley_draining', sources.isDraining() ? 1 : 0),
    sample('parley_sip_messages_total', sip.received, { kind: 'received' }),
    sample('parley_sip_messages_total', sip.malformed, { kind: 'malformed' }),
    sample('parley_sip_messages_total', sip.dropped, { kind: 'dropped' }),
    sample('parley_sip_messages_total', sip.refused, { kind: 'refused' }),
    sample('parley_sip_calls_live', sip.live),
    ...Object.entries(sources.refusals()).map(([reason, value]) =>
      sample('parley_sip_refusals_total', value, { reason }),
    ),
    ...sources.gateways().flatMap(({ trunk, transport, host, port, isUp, answers, failures }) => {
      const labels = { trunk, gateway: `${transport}:${host.includes(':') ? `[${host}]` : host}:${port}` }
      return [
        sample('parley_sip_gateway_up', isUp ? 1 : 0, labels),
        sample('parley_sip_gateway_answers_total', answers, labels),
        sample('parley_sip_gateway_failures_total', failures, labels),
      ]
    }),
    sample('parley_rtp_ports_free', sources.freeRtpPorts()),
    sample('parley_database_connections', database.total - database.idle, { state: 'busy' }),
    sample('parley_database_connections', database.idle, { state: 'idle' }),
    sample('parley_database_waiting', database.waiting),
    ...(['encode', 'move', 'remove'] as const).map((stage) =>
      sample('parley_recordings_waiting', recordings[stage], { stage }),
    ),
    sample('parley_recordings_oldest_seconds', recordings.oldestS),
    sample('parley_recordings_failures_total', recordings.failures),
    ...Object.entries(sources.erased()).map(([kind, value]) => sample('parley_erased_total', value, { kind })),
  ]
}
