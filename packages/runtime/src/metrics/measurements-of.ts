import type { CallEvent, CallOutcome, CallQuality, TurnTimings } from '@parley/core'
import type { MetricName } from './metric-table.ts'

/** To be added to a counter, or observed by a histogram. Times in seconds. */
export interface Measurement {
  readonly metric: MetricName
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What an event adds to the metrics. `startedAtMs`: when its call was dialled or came in, Unix ms, where that is known. */
export function measurementsOf({ body, wallMs }: CallEvent, startedAtMs: number | undefined): readonly Measurement[] {
  switch (body.type) {
    case 'call.incoming':
      return [one('parley_calls_started_total', { direction: 'inbound' })]
    case 'call.dialing':
      return [one('parley_calls_started_total', { direction: 'outbound' })]
    case 'call.ringing':
      return span('parley_call_setup_seconds', { to: 'ringing' }, startedAtMs, wallMs)
    case 'call.answered':
      return span('parley_call_setup_seconds', { to: 'answered' }, startedAtMs, wallMs)
    case 'call.ended':
      return [
        one('parley_calls_ended_total', { outcome: body.outcome.kind, detail: detailOf(body.outcome) }),
        ...(body.quality ? ofQuality(body.quality) : []),
      ]
    case 'turn.completed':
      return ofTurn(body.timings)
    case 'provider.failed':
      return [one('parley_provider_failures_total', { stage: body.stage, code: body.code })]
    case 'talk.repaired':
      return [one('parley_talk_repairs_total', { fault: body.fault })]
    case 'transfer.joined':
      return [one('parley_transfers_total', { result: 'joined' })]
    case 'transfer.failed':
      return [one('parley_transfers_total', { result: 'failed' })]
    case 'recording.started':
    case 'recording.paused':
    case 'recording.resumed':
    case 'user.said':
    case 'assistant.said':
    case 'transfer.started':
    case 'transfer.ringing':
    case 'transfer.answered':
    case 'transfer.ended':
    case 'agent.joined':
    case 'dtmf':
    case 'signalling.messages':
      return []
    default:
      return body satisfies never
  }
}

function detailOf(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case 'completed':
      return outcome.by
    case 'transferred':
      return outcome.by ?? 'referred'
    case 'unanswered':
      return outcome.reason
    case 'cancelled':
      return outcome.rang ? 'rang' : 'silent'
    case 'expired':
      return outcome.limit
    case 'failed':
      return outcome.code
    default:
      return outcome satisfies never
  }
}

/** The parts as `DescribeAILatency` has them; those of a turn the caller did not begin have no end to end. */
function ofTurn(timings: TurnTimings): readonly Measurement[] {
  const { userStoppedAtMs, endpointAtMs, transcriptFinalAtMs, speculatedAtMs } = timings
  // Where the model was asked before the turn was over, the text was known to be whole when the floor was given.
  const textKnownAtMs = speculatedAtMs === undefined ? transcriptFinalAtMs : (endpointAtMs ?? transcriptFinalAtMs)
  const part = (name: string, fromMs: number | undefined, toMs: number | undefined) =>
    span('parley_turn_latency_seconds', { part: name }, fromMs, toMs)
  return [
    ...part('end_to_end', userStoppedAtMs, timings.firstPacketAtMs),
    ...part('recognition', userStoppedAtMs, textKnownAtMs),
    ...part('model_first_token', timings.modelRequestAtMs, timings.modelFirstTokenAtMs),
    ...part('synthesis_first_audio', timings.synthesisRequestAtMs, timings.synthesisFirstAudioAtMs),
    ...(timings.interruptedAtMs === undefined ? [] : [one('parley_turns_interrupted_total', {})]),
  ]
}

function ofQuality({ uplink, downlink }: CallQuality): readonly Measurement[] {
  const up = { way: 'uplink' }
  const down = { way: 'downlink' }
  return [
    count('parley_rtp_packets_total', up, uplink.packetsReceived),
    count('parley_rtp_packets_total', down, downlink.packetsSent),
    count('parley_rtp_packets_lost_total', up, uplink.packetsLost),
    ...(downlink.packetsLost === undefined ? [] : [count('parley_rtp_packets_lost_total', down, downlink.packetsLost)]),
    count('parley_rtp_packets_discarded_total', {}, uplink.packetsDiscarded),
    ...(downlink.lateTicks === undefined ? [] : [count('parley_media_late_ticks_total', {}, downlink.lateTicks)]),
    ...(uplink.mos === undefined ? [] : [{ metric: 'parley_call_mos', labels: up, value: uplink.mos } as const]),
    ...(downlink.mos === undefined ? [] : [{ metric: 'parley_call_mos', labels: down, value: downlink.mos } as const]),
  ]
}

const one = (metric: MetricName, labels: Measurement['labels']): Measurement => ({ metric, labels, value: 1 })

/** Loss is negative where more came than was expected (RFC 3550 appendix A.3); a counter only rises. */
const count = (metric: MetricName, labels: Measurement['labels'], value: number): Measurement => ({
  metric,
  labels,
  value: Math.max(0, value),
})

function span(
  metric: MetricName,
  labels: Measurement['labels'],
  fromMs: number | undefined,
  toMs: number | undefined,
): readonly Measurement[] {
  return fromMs === undefined || toMs === undefined
    ? []
    : [{ metric, labels, value: Math.max(0, toMs - fromMs) / 1_000 }]
}
