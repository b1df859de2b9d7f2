import { type ApplicationId, type CallEventBody, type CallId, callId, turnId } from '@parley/core'
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
  readonly webhook: string
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

const startMs = wallAtStartMs - 3_600_000

/** Puts everything of a tenant into the house. */
export async function seedTenant(
  tenant: Tenant,
  store: Store,
  recordings: FakeRecordings,
  databaseUrl: string,
): Promise<void> {
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
  await ask(databaseUrl, 'update calls set idempotency_key = $2, idempotency_digest = $3 where call_id = $1', [
    tenant.endedCall,
    tenant.idempotencyKey,
    'of the first request',
  ])
  await ask(
    databaseUrl,
    `update pushes set push_id = $2, state = 'dead', reason = 'status 500', settled_at = to_timestamp($3)
     where call_id = $1`,
    [tenant.endedCall, tenant.pushId, wallAtStartMs / 1_000],
  )
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
