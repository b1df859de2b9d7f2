import type { Calendar, CampaignPlan, CampaignState } from '@parley/core'
import { windowAt } from '../window/window-at.ts'

export interface CampaignMoment {
  readonly state: CampaignState
  /** Instants are Unix ms. */
  readonly notBeforeMs: number
  readonly notAfterMs?: number
  readonly plan: Pick<CampaignPlan, 'window' | 'concurrencyLimit'>
  readonly liveCalls: number
  readonly nowMs: number
}

/** What a campaign does now. `untilMs` undefined: until something else happens. */
export type CampaignStep =
  | { readonly kind: 'dial' }
  | { readonly kind: 'wait'; readonly untilMs?: number }
  /** Its time is over. */
  | { readonly kind: 'expire' }
  /** All its lines are in use; the end of a call wakes it. */
  | { readonly kind: 'full' }

/** Decides whether the next callee may be called now. */
export function nextStep(moment: CampaignMoment, calendar: Calendar): CampaignStep {
  const { state, notBeforeMs, notAfterMs = Number.POSITIVE_INFINITY, plan, liveCalls, nowMs } = moment
  if (state === 'finished' || state === 'ended' || state === 'ending') return { kind: 'wait' }
  if (nowMs >= notAfterMs) return { kind: 'expire' }
  const within = (untilMs: number | undefined): CampaignStep => {
    const atMs = Math.min(untilMs ?? Number.POSITIVE_INFINITY, notAfterMs)
    return atMs === Number.POSITIVE_INFINITY ? { kind: 'wait' } : { kind: 'wait', untilMs: atMs }
  }
  if (state === 'paused') return within(undefined)
  if (nowMs < notBeforeMs) return within(notBeforeMs)
  const window = plan.window && windowAt(plan.window, calendar, nowMs)
  if (window && !window.isOpen) return within(window.nextMs)
  return liveCalls >= (plan.concurrencyLimit ?? Number.POSITIVE_INFINITY) ? { kind: 'full' } : { kind: 'dial' }
}
