/** Base values of all SIP timers in ms. @see RFC 3261 section 17.1.1.1 and appendix A */
export interface TimerValues {
  /** Round-trip estimate. */
  readonly t1Ms: number
  /** Longest interval between repeats. */
  readonly t2Ms: number
  /** Longest time a message stays in the network. */
  readonly t4Ms: number
}

export const rfcTimers: TimerValues = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 }

/** Timer D on unreliable transports: at least 32 s. */
export const timerDMs = 32_000

/** 64 * T1, the length of timers B, F, H, J, L and M. */
export const longMs = (timers: TimerValues): number => 64 * timers.t1Ms
