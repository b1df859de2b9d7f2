import { Failure } from '../failure.ts'
import type { Engine } from './engine.ts'

/** A call as `GET /v1/calls` shows it; only what the commands read. Instants are ISO 8601. */
export interface Call {
  readonly id: string
  readonly sdkAppId: number
  readonly direction: 'inbound' | 'outbound'
  readonly caller: string
  readonly callee: string
  readonly trunk?: string
  readonly state: string
  readonly createdAt: string
  readonly ringingAt?: string
  readonly answeredAt?: string
  readonly endedAt?: string
  readonly outcome?: { readonly kind: string; readonly [detail: string]: unknown }
  readonly quality?: {
    readonly codec: string
    readonly encrypted?: boolean
    readonly uplink?: { readonly packetsLost?: number; readonly jitterMs?: number; readonly mos?: number }
    readonly downlink?: { readonly lateTicks?: number; readonly mos?: number }
  }
  readonly recording?: { readonly durationMs: number; readonly bytes: number; readonly url?: string }
  readonly keys: readonly { readonly key: string; readonly at: string }[]
  readonly transfers: readonly { readonly attempt: number; readonly skillGroupId: number }[]
}

const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @throws Failure usage, when it is no SessionId */
export function assertCallId(id: string): string {
  if (!idForm.test(id)) throw new Failure('usage', `ID must be the SessionId of a call, not ${id}`)
  return id.toLowerCase()
}

/** @throws Failure */
export const findCall = (engine: Engine, id: string): Promise<Call> => engine.json(`/v1/calls/${assertCallId(id)}`)

/** How a call ended, or its state: `completed by user`, `unanswered: busy`, `answered`. */
export function endOf({ state, outcome }: Pick<Call, 'state' | 'outcome'>): string {
  if (!outcome) return state
  const { kind, by, reason, code, limit } = outcome
  if (by !== undefined) return `${kind} by ${by}`
  const detail = reason ?? code ?? limit
  return detail === undefined ? kind : `${kind}: ${detail}`
}
