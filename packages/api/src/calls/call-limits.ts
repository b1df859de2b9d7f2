import type { CallLimits } from '@parley/core'

/** `AcquireTimeoutSecond` where a request says nothing. */
export const defaultAcquireS = 5

/** 0 is no limit. */
export function callLimits(parameters: {
  readonly MaxRingTimeoutSecond?: number | undefined
  readonly MaxCallDurationMs?: number | undefined
}): CallLimits {
  const { MaxRingTimeoutSecond: ringS, MaxCallDurationMs: callMs } = parameters
  return { ...(ringS && { ringMs: ringS * 1000 }), ...(callMs && { callMs }) }
}
