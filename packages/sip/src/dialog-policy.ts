import type { IncomingCallSettings, OutgoingInvite, SessionTimerPolicy } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** What a trunk settles for its dialogs, as an INVITE of ours takes it. */
export function dialogPolicyOf(trunk: TrunkConfig): Pick<OutgoingInvite, 'reliable' | 'sessionTimer' | 'redirects'> {
  const sessionTimer = sessionTimerOf(trunk)
  return {
    ...(trunk.reliable ? { reliable: trunk.reliable } : {}),
    ...(sessionTimer ? { sessionTimer } : {}),
    ...(trunk.redirects && trunk.redirects.allowedHosts.length > 0 ? { redirects: trunk.redirects } : {}),
  }
}

/** The same for a call that comes in: where reliability is required, we ring reliably whenever the caller can. */
export function incomingSettingsOf(trunk: TrunkConfig): IncomingCallSettings {
  const sessionTimer = sessionTimerOf(trunk)
  return { reliable: trunk.reliable === 'required', ...(sessionTimer ? { sessionTimer } : {}) }
}

/** A trunk that says nothing takes the timer its peer wants; one that names an interval asks for it. */
function sessionTimerOf({ sessionTimer }: TrunkConfig): SessionTimerPolicy | undefined {
  if (!sessionTimer) return undefined
  const modes = { off: 'off', supported: 'request', required: 'require' } as const
  const { mode = 'supported', expiresS = 1_800, minS = 90 } = sessionTimer
  return { mode: modes[mode], expiresS, minS }
}
