import { readFileSync, writeFileSync } from 'node:fs'
import { type CallEvent, type CallEventBody, callId, generation, turnId } from '@parley/core'
import { expect, test } from 'vitest'
import { metricTable } from './metric-table.ts'
import { createMetrics } from './metrics.ts'
import { metricsReference } from './metrics-reference.ts'
import type { MetricSources } from './samples-of.ts'

const call = callId('3fa85f64-5717-4562-b3fc-2c963f66afa6')

function sources(changes: Partial<MetricSources> = {}): MetricSources {
  return {
    liveCalls: () => 3,
    erased: () => ({ recordings: 7 }),
    recordings: () => ({ encode: 1, move: 2, remove: 3, oldestS: 90.5, failures: 4 }),
    isDraining: () => false,
    gateways: () => [],
    sip: () => ({ received: 10, malformed: 2, dropped: 1, refused: 7, live: 4 }),
    refusals: () => ({ unknownNumber: 5, rate: 0 }),
    freeRtpPorts: () => 42,
    database: () => ({ total: 5, idle: 2, waiting: 1 }),
    ...changes,
  }
}

function eventsOf(bodies: readonly [number, CallEventBody][]): CallEvent[] {
  return bodies.map(([wallMs, body], index) => ({ callId: call, seq: index + 1, wallMs, body }))
}

async function linesAfter(bodies: readonly [number, CallEventBody][], changes?: Partial<MetricSources>) {
  const metrics = createMetrics(sources(changes))
  for (const event of eventsOf(bodies)) metrics.observe(event)
  return (await metrics.render()).split('\n')
}

test('a call is counted when it starts and when it ends, with its set-up time and its sound', async () => {
  const lines = await linesAfter([
    [1_000, { type: 'call.dialing' }],
    [1_400, { type: 'call.ringing' }],
    [4_000, { type: 'call.answered' }],
    [
      9_000,
      {
        type: 'call.ended',
        outcome: { kind: 'completed', by: 'user' },
        quality: {
          codec: 'PCMA',
          encrypted: false,
          uplink: { packetsReceived: 250, packetsLost: 3, packetsDiscarded: 1, jitterMs: 2, mos: 4.1 },
          downlink: { packetsSent: 251, packetsLost: -2, lateTicks: 6 },
        },
      },
    ],
  ])
  expect(lines).toEqual(
    expect.arrayContaining([
      'parley_calls_started_total{direction="outbound"} 1',
      'parley_calls_ended_total{outcome="completed",detail="user"} 1',
      'parley_call_setup_seconds_sum{to="ringing"} 0.4',
      'parley_call_setup_seconds_sum{to="answered"} 3',
      'parley_call_setup_seconds_bucket{le="0.5",to="ringing"} 1',
      'parley_rtp_packets_lost_total{way="uplink"} 3',
      'parley_rtp_packets_lost_total{way="downlink"} 0',
      'parley_media_late_ticks_total 6',
      'parley_call_mos_bucket{le="4",way="uplink"} 0',
      'parley_call_mos_bucket{le="4.25",way="uplink"} 1',
    ]),
  )
})

test('each part of a turn that was measured is observed, and no other', async () => {
  const timings = {
    turn: turnId(1),
    generation: generation(2),
    discarded: 0,
    userStoppedAtMs: 100,
    transcriptFinalAtMs: 220,
    modelRequestAtMs: 600,
    modelFirstTokenAtMs: 850,
    firstPacketAtMs: 960,
  }
  const lines = await linesAfter([[0, { type: 'turn.completed', timings }]])
  expect(lines.filter((line) => line.startsWith('parley_turn_latency_seconds_sum')).sort()).toEqual([
    'parley_turn_latency_seconds_sum{part="end_to_end"} 0.86',
    'parley_turn_latency_seconds_sum{part="model_first_token"} 0.25',
    'parley_turn_latency_seconds_sum{part="recognition"} 0.12',
  ])
})

test('what is sampled shows the value of the moment, and a gateway that is gone is not shown any more', async () => {
  let gateways = [
    { trunk: 'a', transport: 'udp', host: '192.0.2.1', port: 5060, isUp: true, answers: 7, failures: 0 },
    { trunk: 'a', transport: 'tls', host: '2001:db8::1', port: 5061, isUp: false, answers: 0, failures: 4 },
  ]
  const metrics = createMetrics(sources({ gateways: () => gateways }))
  await metrics.render()
  const lines = (await metrics.render()).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'parley_calls_live 3',
      'parley_sip_gateway_up{trunk="a",gateway="udp:192.0.2.1:5060"} 1',
      'parley_sip_gateway_up{trunk="a",gateway="tls:[2001:db8::1]:5061"} 0',
      'parley_sip_gateway_answers_total{trunk="a",gateway="udp:192.0.2.1:5060"} 7',
      'parley_sip_refusals_total{reason="unknownNumber"} 5',
      'parley_database_connections{state="busy"} 3',
      'parley_rtp_ports_free 42',
    ]),
  )
  gateways = gateways.slice(0, 1)
  expect(await metrics.render()).not.toContain('2001:db8')
})

test('every metric of the table is in the text, with help and type, and so are memory and event loop', async () => {
  const text = (await linesAfter([])).join('\n')
  for (const [name, { kind }] of Object.entries(metricTable)) expect(text).toContain(`# TYPE ${name} ${kind}`)
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
})

test('no number, name or text of a caller gets into a label', async () => {
  const secret = '+8613012345678'
  const lines = await linesAfter([
    [
      0,
      {
        type: 'call.incoming',
        applicationId: 1 as never,
        caller: secret,
        callee: secret,
        trunk: 't',
        direction: 'inbound',
      },
    ],
    [1, { type: 'user.said', turn: turnId(1), text: secret, fromMs: 0, toMs: 1 }],
    [2, { type: 'dtmf', key: '5', atMs: 1 }],
    [3, { type: 'call.ended', outcome: { kind: 'failed', code: 'INTERNAL' } }],
  ])
  expect(lines.join('\n')).not.toContain('8613012345678')
  expect(lines).toContain('parley_calls_ended_total{outcome="failed",detail="INTERNAL"} 1')
})

test('docs/metrics.md is the table', () => {
  const path = new URL('../../../../docs/metrics.md', import.meta.url)
  if (process.env.UPDATE_DOCS) writeFileSync(path, metricsReference())
  expect(readFileSync(path, 'utf8')).toBe(metricsReference())
})
