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
  /** What is found of it once the schema is up to date. */
  readonly kept?: { readonly text: string; readonly rows: readonly Readonly<Record<string, unknown>>[] }
}

/** Rows of the form that the engine of that time wrote: a call that is over, one that waits for a line, and what belongs to them. */
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
      kept: {
        text: "select transfers->0->>'skillGroupName' as name from calls where transfers <> '[]'",
        rows: [{ name: 'sales' }],
      },
    },
    {
      since: '0004-number-limits',
      text: 'update numbers set max_concurrent = 2, max_cps = 1.5',
      kept: { text: 'select max_concurrent as most, max_cps as cps from numbers', rows: [{ most: 2, cps: 1.5 }] },
    },
    {
      since: '0005-pushes',
      text: "insert into webhooks (name, application_id, events) values ('crm', $1, '{call.ended}')",
      values: [tenant],
    },
    {
      since: '0005-pushes',
      text: `insert into pushes (webhook, application_id, call_id, event, occurred_at_ms) values ('crm', $1, $2, 'call.ended', $3)`,
      values: [tenant, closedCall, createdAtMs],
      kept: {
        text: 'select webhook, event, state from pushes',
        rows: [{ webhook: 'crm', event: 'call.ended', state: 'pending' }],
      },
    },
    {
      since: '0006-call-jobs',
      text: `insert into call_jobs (call_id, application_id, state, failure) values ($2, $1, 'failed', 'PROVIDER_FAILED')`,
      values: [tenant, closedCall],
      kept: { text: 'select state, failure from call_jobs', rows: [{ state: 'failed', failure: 'PROVIDER_FAILED' }] },
    },
    {
      since: '0007-idempotency',
      text: "update calls set idempotency_key = 'order-1', idempotency_digest = 'abc' where call_id = $1",
      values: [closedCall],
      kept: {
        text: 'select idempotency_key as key from calls where idempotency_key is not null',
        rows: [{ key: 'order-1' }],
      },
    },
    {
      since: '0008-agents',
      text: `with made as (
          insert into agents (application_id, agent_id, declared, version, latest_version) values ($1, 7, false, 1, 2)
        ), versions as (
          insert into agent_versions (application_id, agent_id, version, name, settings, sealed)
          values ($1, 7, 1, 'Ann', '{}', '\\x01'), ($1, 7, 2, 'Anna', '{}', '\\x01')
        )
        update calls set uui = 'order=1', agents = '[{"seq":-1,"agentId":7,"version":1}]' where call_id = $2`,
      values: [tenant, closedCall],
      kept: {
        text: `select v.name, c.uui from agents a join agent_versions v using (application_id, agent_id, version)
          join calls c on (c.agents->0->>'agentId')::int = agent_id`,
        rows: [{ name: 'Ann', uui: 'order=1' }],
      },
    },
    {
      since: '0009-campaigns',
      text: `with made as (
          insert into campaigns (campaign_id, application_id, number, name, description, state, agent_id, plan, not_before, callee_count, due_at)
          values (3, $1, 1, 'spring', '', 'paused', 7, '{}', '2025-10-09', 1, 'infinity')
        ), listed as (
          insert into campaign_callees (campaign_id, position, callee, callee_key) values (3, 0, '+49301', '49301')
        ), told as (
          insert into webhooks (name, enabled, application_id, events) values ('campaigns:' || $1, false, $1, '{}')
        )
        insert into do_not_call (application_id, number_key, number, note) values (0, '110', '110', 'police')`,
      values: [tenant],
      kept: {
        text: `select c.name, k.callee, d.note, w.enabled from campaigns c join campaign_callees k using (campaign_id)
          cross join do_not_call d join webhooks w on w.name = 'campaigns:' || c.application_id and w.origin = 'campaigns'`,
        rows: [{ name: 'spring', callee: '+49301', note: 'police', enabled: true }],
      },
    },
    {
      since: '0010-management',
      text: `with made as (insert into applications (application_id, name) values ($1, 'Shop')),
        key as (insert into api_keys (secret_id, application_id, role, sealed) values ('AKID1', $1, 'admin', '\\x01')),
        team as (insert into skill_groups (skill_group_id, application_id, name, settings) values (7, $1, 'sales', '{}'))
        insert into audit_log (actor, operation, target, details) values ('installation', 'postKeys', '/v1/keys', '{}')`,
      values: [tenant],
      kept: {
        text: `select a.name, k.role, g.name as team, l.actor, l.outcome from applications a join api_keys k using (application_id)
          join skill_groups g using (application_id) cross join audit_log l where l.operation = 'postKeys'`,
        rows: [{ name: 'Shop', role: 'admin', team: 'sales', actor: 'installation', outcome: 'done' }],
      },
    },
    {
      since: '0011-number-owners',
      text: 'update numbers set application_ids = array[$1::bigint]',
      values: [tenant],
      kept: { text: 'select application_ids::text as ids from numbers', rows: [{ ids: `{${tenant}}` }] },
    },
    {
      since: '0011-trunk-registry',
      text: `with made as (
          insert into trunks (name, declared, application_ids, max_concurrent, max_cps, settings, sealed)
          values ($1 || '/carrier', false, array[$1::bigint], 5, 1, '{"gateways":[]}', '\\x01')
        )
        insert into number_states (application_id, trunk, number, skill_group_ids) values ($1::bigint, 'main', '+49301', '{7}')`,
      values: [String(tenant)],
      kept: {
        text: `select t.declared, s.skill_group_ids::text as groups from trunks t cross join number_states s where t.name like '%/carrier'`,
        rows: [{ declared: false, groups: '{7}' }],
      },
    },
    {
      since: '0012-recordings',
      text: `with rules as (insert into care_rules (application_id, records_days) values ($1, 30)),
        doomed as (insert into doomed_files (path) values ('/old.wav'))
        insert into sounds (application_id, file_id, custom_name, file_name, duration_ms, audio) values ($1, 1, 'wait', 'wait.wav', 1000, '\\x00')`,
      values: [tenant],
      kept: {
        text: 'select records_days as days, path, file_name as file from care_rules cross join doomed_files cross join sounds',
        rows: [{ days: 30, path: '/old.wav', file: 'wait.wav' }],
      },
    },
    {
      since: '0013-fair-dispatch',
      text: `with owned as (update call_candidates set application_id = $1)
        insert into trunk_turns (trunk, application_id, taken_at) values ('main', $1, '2025-10-09')`,
      values: [tenant],
      kept: { text: 'select trunk from trunk_turns', rows: [{ trunk: 'main' }] },
    },
    {
      since: '0013-record-pages',
      text: 'insert into call_hours (application_id, hour, calls) values ($1, 1, 12)',
      values: [tenant],
      kept: { text: 'select calls from call_hours where hour = 1', rows: [{ calls: 12 }] },
    },
    {
      since: '0014-webhooks',
      text: `with renamed as (update webhooks set origin = 'campaigns', enabled = true where name like 'campaigns:%')
        insert into webhooks (name, origin, application_id, events, title, sealed) values ('made', 'api', $1, '{call.ended}', 'CRM', '\\x01')`,
      values: [tenant],
      kept: { text: "select title from webhooks where origin = 'api'", rows: [{ title: 'CRM' }] },
    },
    {
      since: '0015-extensions',
      text: `insert into extensions (application_id, extension_id, name, skill_group_ids, relation, sealed)
        values ($1, '1001', 'Ann', '{7}', '', '\\x01')`,
      values: [tenant],
      kept: { text: 'select name from extensions', rows: [{ name: 'Ann' }] },
    },
    {
      since: '0016-erased-requests',
      text: `insert into erased_requests (application_id, key_hash, digest, call_id, until) values ($1, '\\x01', 'abc', $2, '2099-01-01')`,
      values: [tenant, closedCall],
      kept: { text: 'select digest from erased_requests', rows: [{ digest: 'abc' }] },
    },
    {
      since: '0017-audit-outcome',
      text: `insert into audit_log (actor, operation, target, details, outcome)
        values ('installation', 'deleteKey', '/v1/keys', '{}', 'refused')`,
      values: [],
      kept: {
        text: "select outcome from audit_log where operation = 'deleteKey'",
        rows: [{ outcome: 'refused' }],
      },
    },
    {
      since: '0018-call-in',
      text: "update number_states set call_in_url = '\\x01'",
      values: [],
      kept: { text: 'select count(call_in_url)::int as urls from number_states', rows: [{ urls: 1 }] },
    },
    {
      since: '0020-audit-retention',
      text: 'update care_rules set audit_days = 30',
      kept: { text: 'select distinct audit_days from care_rules', rows: [{ audit_days: 30 }] },
    },
  ]
}
