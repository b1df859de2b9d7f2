/** How a metric counts. `sampled`: read when somebody asks; the others are fed by the events of calls. */
export interface MetricRow {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Names with every value they take, or where the values come from. Never a number, name or text of a caller. */
  readonly labels: Readonly<Record<string, string>>
  /** Upper bounds. */
  readonly buckets?: readonly number[]
}

/** Taste: fine around one second, where people notice the wait. */
const latencyBuckets = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10]

/** Every metric of the engine besides those of the process, which the client library names. */
export const metricTable = {
  parley_calls_live: { kind: 'gauge', help: 'Calls in progress in this process.', labels: {} },
  parley_draining: {
    kind: 'gauge',
    help: '1 while the process waits for its last calls and takes no others.',
    labels: {},
  },
  parley_calls_started_total: {
    kind: 'counter',
    help: 'Calls whose INVITE left or came in.',
    labels: { direction: 'inbound, outbound' },
  },
  parley_calls_ended_total: {
    kind: 'counter',
    help: 'Calls that are over.',
    labels: {
      outcome: 'completed, unanswered, cancelled, expired, transferred, failed',
      detail: 'who hung up, why it was not answered, which limit, or the code of the error',
    },
  },
  parley_call_setup_seconds: {
    kind: 'histogram',
    help: 'From the start of a call to its ringing and to its answer.',
    labels: { to: 'ringing, answered' },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60],
  },
  parley_turn_latency_seconds: {
    kind: 'histogram',
    help: 'Parts of the wait for an answer; they overlap. end_to_end: last voice of the caller to the first packet of the reply.',
    labels: { part: 'end_to_end, recognition, model_first_token, synthesis_first_audio' },
    buckets: latencyBuckets,
  },
  parley_turns_interrupted_total: { kind: 'counter', help: 'Answers the caller cut short.', labels: {} },
  parley_provider_failures_total: {
    kind: 'counter',
    help: 'Failures of speech and language providers.',
    labels: { stage: 'asr, llm, tts', code: 'code of the error' },
  },
  parley_talk_repairs_total: {
    kind: 'counter',
    help: 'Talks that had got stuck and were set going again.',
    labels: { fault: 'speakingWithoutPackets, listeningWithoutHearing' },
  },
  parley_transfers_total: {
    kind: 'counter',
    help: 'Attempts to hand a call to a human, by what came of them.',
    labels: { result: 'joined, failed' },
  },
  parley_rtp_packets_total: {
    kind: 'counter',
    help: 'RTP packets of calls that are over.',
    labels: { way: 'uplink, downlink' },
  },
  parley_rtp_packets_lost_total: {
    kind: 'counter',
    help: 'RTP packets lost; of the downlink as far as the peer reports them.',
    labels: { way: 'uplink, downlink' },
  },
  parley_rtp_packets_discarded_total: {
    kind: 'counter',
    help: 'RTP packets that were late, repeated, malformed or from elsewhere.',
    labels: {},
  },
  parley_media_late_ticks_total: {
    kind: 'counter',
    help: 'Times that a packet left more than a frame (20 ms) late.',
    labels: {},
  },
  parley_call_mos: {
    kind: 'histogram',
    help: 'Mean opinion score of calls that are over, estimated (ITU-T G.107).',
    labels: { way: 'uplink, downlink' },
    buckets: [1.5, 2, 2.5, 3, 3.25, 3.5, 3.75, 4, 4.25, 4.5],
  },
  parley_sip_messages_total: {
    kind: 'counter',
    help: 'SIP messages: all that came, those that were no SIP, those of nobody we know, and those answered with 503 because their source floods.',
    labels: { kind: 'received, malformed, dropped, refused' },
  },
  parley_sip_calls_live: { kind: 'gauge', help: 'Calls and dialogs the SIP stack remembers.', labels: {} },
  parley_sip_refusals_total: {
    kind: 'counter',
    help: 'Incoming calls turned away. declined: no assistant, no room, or no common codec.',
    labels: { reason: 'unknownNumber, concurrency, rate, declined' },
  },
  parley_sip_gateway_up: {
    kind: 'gauge',
    help: '1: it answers, or was not asked yet. 0: it failed lately and is tried last (quarantine).',
    labels: { trunk: 'name of the trunk', gateway: '`transport:address:port`, at most 1,000' },
  },
  parley_sip_gateway_answers_total: {
    kind: 'counter',
    help: 'Calls, probes and registrations that a gateway answered.',
    labels: { trunk: 'name of the trunk', gateway: '`transport:address:port`' },
  },
  parley_sip_gateway_failures_total: {
    kind: 'counter',
    help: 'Calls, probes and registrations that a gateway failed.',
    labels: { trunk: 'name of the trunk', gateway: '`transport:address:port`' },
  },
  parley_rtp_ports_free: { kind: 'gauge', help: 'Pairs of ports that another call could take now.', labels: {} },
  parley_database_connections: {
    kind: 'gauge',
    help: 'Connections of the database pool.',
    labels: { state: 'busy, idle' },
  },
  parley_recordings_waiting: {
    kind: 'gauge',
    help: 'Recordings of this engine that are not yet encoded or in the bucket, and files that are still to be deleted.',
    labels: { stage: 'encode, move, remove' },
  },
  parley_recordings_oldest_seconds: {
    kind: 'gauge',
    help: 'Since the end of the call whose recording waits longest. 0: nothing waits.',
    labels: {},
  },
  parley_recordings_failures_total: {
    kind: 'counter',
    help: 'Attempts to encode, move or delete a recording that failed. All but damaged files are tried again.',
    labels: {},
  },
  parley_erased_total: {
    kind: 'counter',
    help: 'Calls of which this was erased by the rules of retention; `audit`: entries of the audit log.',
    labels: { kind: 'recordings, transcripts, journal, records, audit' },
  },
  parley_database_waiting: { kind: 'gauge', help: 'Queries that wait for a connection.', labels: {} },
} as const satisfies Readonly<Record<string, MetricRow>>

export type MetricName = keyof typeof metricTable
