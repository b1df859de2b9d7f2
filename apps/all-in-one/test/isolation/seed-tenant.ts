import {
  type ApplicationId,
  type CallEventBody,
  type CallId,
  callId,
  Secret,
  skillGroupDefaults,
  turnId,
} from '@parley/core'
import type { Store } from '@parley/store'
import { wallAtStartMs } from '../../../../packages/api/test/api-house.ts'
import type { FakeRecordings } from '../../../../packages/api/test/fake-ports.ts'
import { ask } from '../../../../packages/store/test/support/test-database.ts'

/** An application and one of each thing that it has. */
export interface Tenant {
  readonly applicationId: ApplicationId
  readonly secretId: string
  readonly secretKey: string
  readonly number: string
  readonly skillGroupId: number
  /** Made by the API, as the key. */
  readonly madeGroupId: number
  readonly madeSecretId: string
  /** How many agents it has; their ids count from `firstMadeAgentId`. */
  readonly agents: number
  /** A trunk of its own, made at run time, with a number that only takes calls. */
  readonly trunkId: number
  readonly numberId: number
  readonly ownNumber: string
  /** `number`, on the trunk of all. */
  readonly sharedNumberId: number
  /** SIP accounts of telephones. */
  readonly extensions: readonly string[]
  readonly webhook: string
  /** Made by the API. */
  readonly madeWebhook: string
  /** With recording, transcript, turns, keys, signalling. */
  readonly endedCall: CallId
  /** Answered, not over. */
  readonly liveCall: CallId
  /** A push about the ended call that nobody took. */
  readonly pushId: string
  /** Of the request that made the ended call. */
  readonly idempotencyKey: string
  /** Said in both calls. */
  readonly words: string
}

/** Ids of extensions that the victim alone has. */
export const victimExtension = '1001'
export const victimOnly = '1002'

const startMs = wallAtStartMs - 3_600_000

/** Puts everything of a tenant into the house. */
export async function seedTenant(
  tenant: Tenant,
  store: Store,
  recordings: FakeRecordings,
  databaseUrl: string,
): Promise<void> {
  await seedCampaign(tenant, store)
  await store.doNotCall.add(tenant.applicationId, [{ number: blockedBy(tenant) }])
  await ask(databaseUrl, 'update do_not_call set added_at = to_timestamp($1)', [wallAtStartMs / 1_000])
  const path = store.recordings.pathFor(tenant.endedCall)
  recordings.files.set(path, Buffer.alloc(100, 1))
  const samples = Int16Array.of(1, 2, 3)
  await store.sounds.add(tenant.applicationId, {
    customName: `sound of ${tenant.secretId}`,
    fileName: 'a.wav',
    samples,
  })
  await append(store, tenant.liveCall, talk(tenant))
  await append(store, tenant.endedCall, [
    ...talk(tenant),
    { type: 'recording.started', path },
    {
      type: 'call.ended',
      outcome: { kind: 'completed', by: 'user' },
      recording: { path, durationMs: 60_000, bytes: 100 },
    },
  ])
  const settings = { LLMType: 'openai', APIUrl: 'https://model.example/v1', SystemPrompt: tenant.words }
  for (let count = 0; count < tenant.agents; count += 1) {
    const name = `agent of ${tenant.secretId}`
    await store.agents.create(tenant.applicationId, { name, settings, secrets: { APIKey: new Secret('sk') } })
  }
  await ask(databaseUrl, 'update agent_versions set created_at = to_timestamp($1)', [startMs / 1_000])
  const trunk = await store.trunks.createTrunk(tenant.applicationId, 'own', {
    gateways: [{ host: 'sip.example' }],
    limits: { maxConcurrent: 1, maxCps: 1 },
  })
  if (trunk.kind !== 'done') throw new Error(trunk.kind)
  await ask(databaseUrl, 'update trunks set trunk_id = $2 where trunk_id = $1', [trunk.value.trunkId, tenant.trunkId])
  const numbers = [{ number: tenant.ownNumber, settings: { inbound: true, outbound: false } }]
  await store.trunks.createNumbers(tenant.applicationId, tenant.trunkId, numbers)
  const renumber = 'update numbers set number_id = $2 where number = $1'
  await ask(databaseUrl, renumber, [tenant.ownNumber, tenant.numberId])
  await ask(databaseUrl, renumber, [tenant.number, tenant.sharedNumberId])
  await ask(databaseUrl, 'update calls set idempotency_key = $2, idempotency_digest = $3 where call_id = $1', [
    tenant.endedCall,
    tenant.idempotencyKey,
    'of the first request',
  ])
  await ask(databaseUrl, 'update applications set created_at = to_timestamp(0) where application_id = $1', [
    tenant.applicationId,
  ])
  await ask(
    databaseUrl,
    `insert into skill_groups (skill_group_id, application_id, name, settings, changed_at)
     values ($1, $2, $3, $4, to_timestamp(0))`,
    [tenant.madeGroupId, tenant.applicationId, `made by ${tenant.secretId}`, { ...skillGroupDefaults, targets: [] }],
  )
  await ask(
    databaseUrl,
    `insert into api_keys (secret_id, application_id, role, sealed) values ($1, $2, 'admin', '')`,
    [tenant.madeSecretId, tenant.applicationId],
  )
  for (const id of tenant.extensions) {
    await store.extensions.create(tenant.applicationId, id, {
      name: `desk of ${tenant.secretId}`,
      skillGroupIds: [tenant.skillGroupId],
      relation: tenant.words,
    })
  }
  await ask(
    databaseUrl,
    `insert into webhooks (name, origin, application_id, events, title, settings, created_at)
     values ($1, 'api', $2, '{}', $3, $4, to_timestamp(0))`,
    [tenant.madeWebhook, tenant.applicationId, `made by ${tenant.secretId}`, { url: 'https://crm.example/' }],
  )
  await ask(databaseUrl, 'update webhooks set created_at = to_timestamp(0)')
  await store.audit.begin({
    actor: tenant.secretId,
    applicationId: tenant.applicationId,
    operation: 'postSkillGroups',
    target: `/v1/skill-groups/${tenant.madeGroupId}`,
    details: {},
  })
  await ask(databaseUrl, `update audit_log set at = to_timestamp(0), id = $2 where application_id = $1`, [
    tenant.applicationId,
    tenant.pushId,
  ])
  await ask(
    databaseUrl,
    `update pushes set push_id = $2, state = 'dead', reason = 'status 500', settled_at = to_timestamp($3)
     where call_id = $1`,
    [tenant.endedCall, tenant.pushId, wallAtStartMs / 1_000],
  )
}

/** A number that nobody but this tenant has on its do-not-call list. */
export const blockedBy = ({ skillGroupId }: Tenant): string => `0086139000000${skillGroupId}0`

/** A campaign of a tenant; nothing runs it. */
export async function seedCampaign({ applicationId, words }: Tenant, store: Store): Promise<void> {
  await store.campaigns.create({
    applicationId,
    name: words,
    description: words,
    agentId: 7,
    notBeforeMs: wallAtStartMs,
    plan: { callers: [], variables: {}, tries: 1, retryIntervalMs: 600_000, retryStatuses: [], retryTags: [] },
    callees: [{ callee: '+8613912345678' }],
    triggers: [],
  })
}

function talk({ applicationId, number, words }: Tenant): CallEventBody[] {
  return [
    {
      type: 'call.incoming',
      applicationId,
      caller: '+8613912345678',
      callee: number,
      trunk: 'shared',
      direction: 'inbound',
    },
    { type: 'call.answered' },
    {
      type: 'assistant.said',
      turn: turnId(0),
      heard: 'Good morning.',
      intended: 'Good morning.',
      interrupted: false,
      fromMs: 100,
      toMs: 900,
      source: 'greeting',
      remember: true,
    },
    { type: 'user.said', turn: turnId(1), text: words, fromMs: 1_000, toMs: 2_000 },
    { type: 'dtmf', key: '5', atMs: 2_500 },
    {
      type: 'signalling.messages',
      messages: [{ wallMs: startMs, sent: false, peer: 'udp:192.0.2.1:5060', text: `INVITE ${words}` }],
    },
  ]
}

async function append(store: Store, id: CallId, bodies: readonly CallEventBody[]): Promise<void> {
  for (const [seq, body] of bodies.entries()) {
    await store.journal.append([{ callId: callId(id), seq, wallMs: startMs + seq * 1_000, body }])
  }
}
