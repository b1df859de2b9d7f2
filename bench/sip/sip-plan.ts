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
  /** Calls in a row that are hung up as soon as they are answered */
  readonly short: { readonly warmUp: number; readonly calls: number; readonly perS: number }
  /** Until the last transaction of a call is forgotten: 64*T1 and a little. */
  readonly forgottenMs: number
  /** Whether that time passes, or the clock of the gateway is put forward by as much. */
  readonly gatewayRest: 'waited' | 'skipped'
  /** Until the sockets of a call with media are closed and its records written; with transactions, `forgottenMs`. */
  readonly engineRestMs: number
}

export const sipPlans: Readonly<Record<SipPlan['name'], SipPlan>> = {
  full: {
    name: 'full',
    answers: { perS: 20, calls: 1_200, engineCalls: 800, heldMs: 1_500 },
    atOnce: { calls: 200, perS: 20, heldMs: 30_000 },
    // NOTE: 10,000 transactions are remembered for 32 s each, one of a dialog's beginning and one of its end for a call.
    short: { warmUp: 1_000, calls: 10_000, perS: 140 },
    forgottenMs: 33_500,
    gatewayRest: 'waited',
    engineRestMs: 33_500,
  },
  quick: {
    name: 'quick',
    answers: { perS: 20, calls: 80, engineCalls: 50, heldMs: 500 },
    atOnce: { calls: 20, perS: 20, heldMs: 2_000 },
    short: { warmUp: 500, calls: 1_000, perS: 250 },
    forgottenMs: 33_500,
    gatewayRest: 'skipped',
    engineRestMs: 2_000,
  },
}
