import type { AskRequest, SayRequest } from './assistant.ts'
import type { CallSpec } from './call.ts'
import type { CallId } from './ids.ts'
import type { IncomingInvite, InviteDecision } from './signalling.ts'

/** The owner of live calls. Idempotent by `CallId`. */
export interface CallControl {
  /**
   * Takes the call on and hands its INVITE to the SIP stack, unless `dialBeforeMs` (of `Clock.nowMs`) has passed by then. When
   * it rejects with one of these, nothing was sent and nothing written, and nothing will be.
   *
   * @throws VoiceError SLOT_MISSED: too late. RESOURCE_EXHAUSTED: no room. SHUTDOWN
   */
  place(spec: CallSpec, dialBeforeMs: number): Promise<void>
  /** An incoming call: `spec` was made from the number's default assistant. */
  offer(invite: IncomingInvite, spec: CallSpec, signal: AbortSignal): Promise<InviteDecision>
  /** @throws VoiceError CALL_NOT_FOUND, CALL_NOT_CONTROLLABLE */
  say(callId: CallId, request: SayRequest): Promise<void>
  /** @throws VoiceError CALL_NOT_FOUND, CALL_NOT_CONTROLLABLE */
  ask(callId: CallId, request: AskRequest): Promise<void>
  /**
   * Stops the assistant and looks for a human of the group. Returns when the search has begun.
   * @throws VoiceError CALL_NOT_FOUND, CALL_NOT_CONTROLLABLE, SKILL_GROUP_NOT_FOUND
   */
  transfer(callId: CallId, skillGroupId: number): Promise<void>
  /** Presses keys (0-9 A-D * #) to the other side. @throws VoiceError CALL_NOT_FOUND, CALL_NOT_CONTROLLABLE */
  press(callId: CallId, keys: string): Promise<void>
  /**
   * While paused nothing of the call is recorded: the recording has silence there, and its time line stays.
   * @throws VoiceError CALL_NOT_FOUND, CALL_NOT_CONTROLLABLE
   */
  pauseRecording(callId: CallId, paused: boolean): Promise<void>
  /** Ends the call by API. @throws VoiceError CALL_NOT_FOUND */
  hangup(callId: CallId): Promise<void>
}
