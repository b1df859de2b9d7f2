import type { CallState } from '@parley/core'

/** `SessionStatus` of a call. */
export const sessionStatus: Readonly<Record<CallState, 'ringing' | 'inProgress' | 'finished'>> = {
  created: 'ringing',
  dialing: 'ringing',
  ringing: 'ringing',
  answered: 'inProgress',
  transferring: 'inProgress',
  ending: 'finished',
  ended: 'finished',
}
