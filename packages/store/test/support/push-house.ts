import { type CallId, callId, type DuePush, type PushResult, type PushRoute } from '@parley/core'
import type { Store } from '../../src/index.ts'
import { eventually, realRandom } from './real-time.ts'
import { event, openTestStore, stranger, tenant } from './sample-calls.ts'
import { ask, createTestDatabase, type ServerVersion } from './test-database.ts'

const startMs = 1_760_000_000_000

export function route(name: string, change: Partial<PushRoute> = {}): PushRoute {
  return {
    name,
    applicationId: tenant,
    events: ['call.ended', 'recording.ready'],
    retryDelaysMs: [5_000, 60_000],
    timeoutMs: 10_000,
    ...change,
  }
}

/** An empty database with these receivers. */
export async function openPushStore(version: ServerVersion, routes: readonly PushRoute[]) {
  const url = await createTestDatabase(version)
  const store = await openTestStore(url)
  await configure(store, routes)
  return { url, store }
}

export const configure = (store: Store, webhooks: readonly PushRoute[]): Promise<void> =>
  store.configure({ applications: [{ applicationId: tenant }, { applicationId: stranger }], trunks: [], webhooks })

/** All events of a call of `applicationId` that came in and was answered; with a recording unless told otherwise. */
export function talk(id: CallId, applicationId = tenant, recorded = true) {
  const incoming = { caller: '1', callee: '2', trunk: 'a', direction: 'inbound' as const }
  const recording = recorded ? { recording: { path: '/r.wav', durationMs: 5_000, bytes: 9 } } : {}
  const outcome = { kind: 'completed' as const, by: 'user' as const }
  return [
    event(id, 0, startMs, { type: 'call.incoming', applicationId, ...incoming }),
    event(id, 1, startMs + 1_000, { type: 'call.answered' }),
    event(id, 2, startMs + 6_000, { type: 'call.ended', outcome, ...recording }),
  ] as const
}

export async function finishCall(store: Store, applicationId = tenant, recorded = true): Promise<CallId> {
  const id = callId(realRandom.uuid())
  for (const each of talk(id, applicationId, recorded)) await store.journal.append([each])
  return id
}

/** Workers of the store for these receivers, whose answers the test decides. Disposing stops them. */
export function startWorker(
  store: Store,
  routes: readonly PushRoute[],
  answer: (push: DuePush, signal: AbortSignal) => Promise<PushResult> | PushResult,
) {
  const stop = new AbortController()
  const seen: DuePush[] = []
  const transport = {
    deliver: async (push: DuePush, signal: AbortSignal) => {
      seen.push(push)
      return answer(push, signal)
    },
  }
  const running = store.deliverPushes({ routes: () => routes, transport, signal: stop.signal })
  return {
    seen,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

export interface PushRow {
  readonly id: string
  readonly webhook: string
  readonly event: string
  readonly state: string
  readonly tries: number
  readonly reason: string | null
  /** Time until it is due. */
  readonly dueInS: number
}

export const rows = (url: string): Promise<PushRow[]> =>
  ask<PushRow & { readonly [column: string]: unknown }>(
    url,
    `select push_id as id, webhook, event, state, tries, reason,
       extract(epoch from due_at - clock_timestamp())::float8 as "dueInS"
     from pushes order by occurred_at_ms, webhook, event`,
  )

/** Resolves with the rows once they are all as wanted. */
export const rowsWhen = (url: string, wanted: (row: PushRow) => boolean): Promise<PushRow[]> =>
  eventually(async () => {
    const found = await rows(url)
    return found.every(wanted) && found
  })

/** Lets time pass for what waits in the outbox, and says so to the workers. */
export async function pass(url: string, seconds: number): Promise<void> {
  await ask(url, 'update pushes set due_at = due_at - make_interval(secs => $1)', [seconds])
  await ask(url, "select pg_notify('parley_push', '')")
}
