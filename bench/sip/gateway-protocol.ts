import type { ProcessUsage } from './process-usage.ts'

/** Asks for `usage` when so much time has passed for the gateway, which does not wait for it. */
export interface UsageRequest {
  readonly skipMs: number
}

/** What the gateway process says. */
export type GatewayReport =
  | { readonly type: 'ready'; readonly port: number }
  | ({ readonly type: 'usage' } & GatewayUsage)

export interface GatewayUsage extends ProcessUsage {
  /** Calls, dialogs and legs. */
  readonly live: number
  /** Since start. */
  readonly dropped: number
  readonly malformed: number
  readonly cpuMs: number
}
