import type { Clock } from './clock.ts'
import { VoiceError } from './errors.ts'

/**
 * To be called right before an INVITE is handed to the SIP stack, with nothing to wait for in between. `dialBeforeMs`: instant
 * of the same clock at which the slot of the call's trunk is over; a call begun later may be one too many of its second.
 *
 * @throws VoiceError SLOT_MISSED
 */
export function assertInTime(clock: Pick<Clock, 'nowMs'>, dialBeforeMs: number): void {
  const lateMs = clock.nowMs() - dialBeforeMs
  if (lateMs > 0) throw new VoiceError('SLOT_MISSED', { detail: `by ${Math.ceil(lateMs)} ms` })
}
