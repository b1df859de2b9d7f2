import type { Generation, TurnId } from './ids.ts'

/** Instants of one turn in ms on the monotonic clock. Absent: did not happen. All latencies are differences of these. */
export interface TurnTimings {
  readonly turn: TurnId
  readonly generation: Generation
  /** End of the last voiced frame of the user. Absent for turns the user did not start. */
  readonly userStoppedAtMs?: number
  /** First speculation of this turn that was sent to the model. */
  readonly speculatedAtMs?: number
  readonly transcriptFinalAtMs?: number
  /** The policy gave the floor to the assistant. */
  readonly endpointAtMs?: number
  readonly modelRequestAtMs?: number
  readonly modelFirstTokenAtMs?: number
  readonly modelLastTokenAtMs?: number
  /** First chunk of text handed to synthesis. */
  readonly synthesisRequestAtMs?: number
  readonly synthesisFirstAudioAtMs?: number
  /** First RTP packet of the reply handed to the socket. */
  readonly firstPacketAtMs?: number
  readonly interruptedAtMs?: number
  /** Speculations of this turn that were thrown away. */
  readonly discarded: number
}
