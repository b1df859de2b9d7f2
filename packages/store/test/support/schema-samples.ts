import { callId } from '@parley/core'
import { SecretBox } from '../../src/calls/secret-box.ts'
import { sealSpec } from '../../src/calls/spec-codec.ts'
import { realRandom } from './real-time.ts'
import { newCall, tenant } from './sample-calls.ts'

/** The calls of a schema fixture. */
export const closedCall = callId('00000000-0000-4000-8000-0000000000c1')
export const queuedCall = callId('00000000-0000-4000-8000-0000000000c2')
export const fixtureKey = new Uint8Array(32).fill(7)
export const createdAtMs = 1_760_000_000_000

/** What a database of some version holds. `since`: the first schema that has room for it. */
interface Sample {
  readonly since: string
  readonly text: string
  readonly values?: readonly unknown[]
}

/** Rows as the engine of that time wrote them: a call that is over, one that waits for a line, and what belongs to them. */
export function schemaSamples(): readonly Sample[] {
  const call = newCall({ callId: queuedCall })
  const { open, sealed } = sealSpec(new SecretBox(fixtureKey, realRandom), call, call)
  const columns = 'call_id, application_id, direction, stage, accepted, caller, caller_key, callee, callee_key, trunk'
  const said = (type: string, text: string) =>
    JSON.stringify({ type, text, heard: text, fromMs: 0, toMs: 900, turn: 1 })
  return [
    {
      since: '0001-calls',
      text: "insert into trunks (name, application_ids, max_concurrent, max_cps, tat) values ('main', array[$1::bigint], 3, 2, '2025-10-09')",
      values: [tenant],
    },
    { since: '0001-calls', text: "insert into numbers (trunk, number, number_key) values ('main', '+49301', '49301')" },
    {
      since: '0001-calls',
      text: "insert into owners (name, incarnation, heartbeat_at) values ('engine', 4, '2025-10-09')",
    },
    {
      since: '0001-calls',
      text: `insert into calls (${columns}, fence, state, created_at_ms, ringing_at_ms, answered_at_ms, ended_at_ms, outcome, recording, keys)
        values ($1, $2, 'outbound', 'closed', true, '+49301', '49301', '+4930111222', '4930111222', 'main', 1, 'ended', $3, $3::bigint + 1000,
          $3::bigint + 5000, $3::bigint + 65000, '{"kind":"completed","by":"user"}', '{"path":"/r.wav","durationMs":60000,"bytes":99}',
          '[{"seq":3,"key":"1","atWallMs":1760000010000}]')`,
      values: [closedCall, tenant, createdAtMs],
    },
    {
      since: '0001-calls',
      text: `insert into calls (call_id, application_id, direction, stage, callee, callee_key, candidates, spec, sealed, expires_at, state, created_at_ms)
        values ($1, $2, 'outbound', 'queued', '+4930111222', '4930111222', '[{"trunk":"main","caller":"+49301"}]', $3, $4, '2099-01-01', 'created', $5)`,
      values: [queuedCall, tenant, open, sealed, createdAtMs],
    },
    {
      since: '0001-calls',
      text: `insert into call_candidates (call_id, trunk, caller, queued_at) values ($1, 'main', '+49301', '2025-10-09')`,
      values: [queuedCall],
    },
    {
      since: '0001-calls',
      text: `insert into call_events (call_id, seq, wall_ms, type, body) values ($1, 1, $2, 'user.said', $3), ($1, 2, $2, 'assistant.said', $4)`,
      values: [closedCall, createdAtMs, said('user.said', 'Hello?'), said('assistant.said', 'Good day.')],
    },
    {
      since: '0002-transfers',
      text: `update calls set transfers = '[{"attempt":1,"skillGroupId":7,"skillGroupName":"sales","mode":"blind","callee":"+49309","startedAtMs":1760000020000}]' where call_id = $1`,
      values: [closedCall],
    },
    { since: '0004-number-limits', text: 'update numbers set max_concurrent = 2, max_cps = 1.5' },
    {
      since: '0005-pushes',
      text: "insert into webhooks (name, application_id, events) values ('crm', $1, '{call.ended}')",
      values: [tenant],
    },
    {
      since: '0005-pushes',
      text: `insert into pushes (webhook, application_id, call_id, event, occurred_at_ms) values ('crm', $1, $2, 'call.ended', $3)`,
      values: [tenant, closedCall, createdAtMs],
    },
    {
      since: '0006-call-jobs',
      text: `insert into call_jobs (call_id, application_id, state, failure) values ($2, $1, 'failed', 'PROVIDER_FAILED')`,
      values: [tenant, closedCall],
    },
    {
      since: '0007-idempotency',
      text: "update calls set idempotency_key = 'order-1', idempotency_digest = 'abc' where call_id = $1",
      values: [closedCall],
    },
  ]
}
