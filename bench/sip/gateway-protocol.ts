/** What the gateway process says. Any message to it is answered with `usage`. */
export type GatewayReport =
  | { readonly type: 'ready'; readonly port: number }
  | ({ readonly type: 'usage' } & GatewayUsage)

/** What the process holds at this moment, after a collection. */
export interface GatewayUsage {
  readonly heapMb: number
  readonly openFiles: number
  readonly timers: number
  /** Calls, dialogs and legs. */
  readonly live: number
  /** Since start. */
  readonly dropped: number
  readonly malformed: number
  readonly cpuMs: number
}
