/** How much of everything one run of `bench sip` does. */
export interface SipPlan {
  readonly name: 'full' | 'quick'
  /** INVITEs at a steady rate, against the gateway alone and against the whole engine. */
  readonly answers: {
    readonly perS: number
    readonly calls: number
    readonly engineCalls: number
    readonly heldMs: number
  }
  /** Calls with media that are up together. */
  readonly atOnce: { readonly calls: number; readonly perS: number; readonly heldMs: number }
  /** Calls in a row that are hung up as soon as they are answered; with the warm-up, more than are kept for support. */
  readonly short: { readonly warmUp: number; readonly calls: number; readonly perS: number }
  /** Until the last transaction of a call is forgotten: 64*T1 and a little. */
  readonly gatewayRestMs: number
  /** Until the sockets of a call with media are closed and its records written. */
  readonly engineRestMs: number
}

export const sipPlans: Readonly<Record<SipPlan['name'], SipPlan>> = {
  full: {
    name: 'full',
    answers: { perS: 20, calls: 1_200, engineCalls: 800, heldMs: 1_500 },
    atOnce: { calls: 200, perS: 20, heldMs: 30_000 },
    // NOTE: 10,000 transactions are remembered for 32 s each, one of a dialog's beginning and one of its end for a call.
    short: { warmUp: 1_000, calls: 10_000, perS: 140 },
    gatewayRestMs: 33_500,
    engineRestMs: 10_000,
  },
  quick: {
    name: 'quick',
    answers: { perS: 20, calls: 100, engineCalls: 60, heldMs: 500 },
    atOnce: { calls: 20, perS: 20, heldMs: 3_000 },
    short: { warmUp: 0, calls: 500, perS: 140 },
    gatewayRestMs: 0,
    engineRestMs: 4_000,
  },
}
