import type { CallRole, CallState, Outcome, PhoneEvent } from './call-state.ts'
import { findHeardSegments, type HeardSegment, measureSteps, type StepMeasure } from './measures.ts'
import { writeRecording } from './recording.ts'
import type { SipLogLine } from './sip-trace.ts'

/** What the phone saw of one call. Instants are monotonic ns (`process.hrtime`). */
export interface CallReport {
  readonly sipCallId: string
  readonly role: CallRole
  readonly outcome: Outcome
  /** SIP status of a call that was not answered. */
  readonly status?: number
  readonly detail?: string
  readonly endedBy: 'phone' | 'peer'
  readonly startedAtNs: number
  readonly answeredAtNs?: number
  readonly endedAtNs: number
  readonly packetsOut: number
  readonly packetsIn: number
  readonly datagramsIgnored: number
  readonly events: readonly PhoneEvent[]
  /** Waits that ran out and other ways in which the call did not follow the script. */
  readonly problems: readonly string[]
  readonly heard: readonly HeardSegment[]
  readonly spoken: readonly StepMeasure[]
  readonly sipLog: readonly SipLogLine[]
  /** Time of sample 0 of the WAV file. */
  readonly mediaStartedAtNs?: number
  readonly wavPath?: string
  readonly packetsPath?: string
}

/** Sums up an ended call and writes its files. */
export async function buildReport(state: CallState, outDir: string | undefined): Promise<CallReport> {
  const { media } = state
  const packets = media.packets.toSorted((a, b) => a.atNs - b.atNs)
  const name = `${state.sipCallId.replace(/[^\w.-]/g, '_').slice(0, 100)}.${state.role}`
  const paths = outDir === undefined ? {} : await writeRecording(outDir, name, packets, media.startedNs)
  const end = state.end ?? { outcome: 'failed', by: 'phone' }
  return {
    sipCallId: state.sipCallId,
    role: state.role,
    outcome: end.outcome,
    ...(end.status === undefined ? {} : { status: end.status }),
    ...(end.detail === undefined ? {} : { detail: end.detail }),
    endedBy: end.by,
    startedAtNs: state.startedAtNs,
    ...(state.answeredAtNs === undefined ? {} : { answeredAtNs: state.answeredAtNs }),
    endedAtNs: state.endedAtNs ?? state.startedAtNs,
    packetsOut: media.sender.packetsSent,
    packetsIn: media.receiver.packetsReceived,
    datagramsIgnored: media.receiver.datagramsIgnored,
    events: state.events,
    problems: state.problems,
    heard: findHeardSegments(packets),
    spoken: measureSteps(packets, state.spoken),
    sipLog: state.trace.lines,
    ...(media.startedNs === 0 ? {} : { mediaStartedAtNs: media.startedNs }),
    ...paths,
  }
}
