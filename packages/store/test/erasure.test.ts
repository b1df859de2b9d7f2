import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ApplicationId, applicationId, type CallId, type Clock, callId, type RetentionRules } from '@parley/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Store } from '../src/index.ts'
import { eventually, realClock, realRandom } from './support/real-time.ts'
import { event, openTestStore, stranger, tenant } from './support/sample-calls.ts'
import { ask, createTestDatabase, type ServerVersion, serverVersions } from './support/test-database.ts'

vi.setConfig({ testTimeout: 60_000 })

/** How long the rules rest between two runs: longer than anything else waits. */
const restMs = 7_200_000
const encoder = { encode: async () => {} }

async function house(version: ServerVersion, retention: RetentionRules = {}) {
  const url = await createTestDatabase(version)
  let rests = 0
  const clock: Clock = {
    ...realClock,
    setTimer(atMs, fire) {
      if (atMs - realClock.nowMs() > restMs / 2) rests += 1
      return realClock.setTimer(atMs, fire)
    },
  }
  const store = await openTestStore(url, 10, clock)
  onTestFinished(() => store[Symbol.asyncDispose]())
  await store.configure({
    applications: [{ applicationId: tenant }, { applicationId: stranger }],
    trunks: [],
    care: [
      { applicationId: tenant, format: 'wav', retention },
      { applicationId: applicationId(0), format: 'wav', retention: { recordsDays: 5 } },
    ],
    webhooks: [{ name: 'crm', applicationId: tenant, events: ['call.ended'], timeoutMs: 1_000 }],
  })
  await store.recoverLost({ owner: realRandom.uuid() })
  return { url, store, rests: () => rests }
}

interface Person {
  readonly caller?: string
  readonly callee?: string
  readonly applicationId?: ApplicationId
  readonly isOver?: boolean
}

/** A call in which something was said, with a recording, that ended `daysAgo` by the database's clock. */
async function talk(url: string, store: Store, daysAgo: number, person: Person = {}): Promise<CallId> {
  const { caller = '+49 30 1', callee = '2', applicationId = tenant, isOver = true } = person
  const id = callId(realRandom.uuid())
  const path = store.recordings.pathFor(id)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'sound')
  const said = { turn: 1, fromMs: 0, toMs: 900 } as never
  const recording = { path, durationMs: 1_000, bytes: 5 }
  const events = [
    event(id, 0, 1_000, { type: 'call.incoming', applicationId, caller, callee, trunk: 'a', direction: 'inbound' }),
    event(id, 1, 2_000, { type: 'call.answered' }),
    event(id, 2, 2_000, { type: 'recording.started', path }),
    event(id, 3, 3_000, { ...(said as object), type: 'user.said', text: 'my name is Rumpelstiltskin' } as never),
    event(id, 4, 3_500, { type: 'dtmf', key: '7', atMs: 3_500 }),
    event(id, 5, 4_000, { type: 'signalling.messages', messages: [] }),
    event(id, 6, 5_000, { type: 'call.ended', outcome: { kind: 'completed', by: 'user' }, recording }),
  ]
  await store.journal.append(isOver ? events : events.slice(0, 5))
  await ask(
    url,
    `update calls set spec = '{"assistant": {"instructions": "Call Rumpelstiltskin."}}',
       ended_at_ms = case when ended_at_ms is null then null
         else (extract(epoch from clock_timestamp() - make_interval(days => $2)) * 1000)::bigint - 1000 end
     where call_id = $1`,
    [id, daysAgo],
  )
  return id
}

/** Runs the rules once. */
async function enforce(store: Store, rests: () => number): Promise<void> {
  const stop = new AbortController()
  const before = rests()
  const running = store.enforceRetention({ signal: stop.signal, everyMs: restMs })
  await eventually(() => rests() > before, 50_000)
  stop.abort()
  await running
}

/** Deletes the files that are to go. */
async function sweep(url: string, store: Store): Promise<void> {
  const stop = new AbortController()
  const running = store.keepRecordings({ encoder, signal: stop.signal, lookEveryMs: 20 })
  await eventually(async () => (await ask(url, 'select 1 from doomed_files')).length === 0, 30_000)
  stop.abort()
  await running
}

const typesOf = async (store: Store, id: CallId) =>
  (await store.records.events(tenant, id)).map(({ body }) => body.type)

/** Every text of the database that holds this. */
const mentions = (url: string, text: string) =>
  ask(
    url,
    `select 'calls' as place from calls c where c::text like $1 union all
     select 'call_events' from call_events e where e::text like $1 union all
     select 'call_jobs' from call_jobs j where j::text like $1 union all
     select 'pushes' from pushes p where p::text like $1 union all
     select 'doomed_files' from doomed_files d where d::text like $1 union all
     select 'recording_jobs' from recording_jobs r where r::text like $1`,
    [`%${text}%`],
  )

describe.each(serverVersions)('erasure on %s', (version) => {
  test('rules erase what is older than they say, kind by kind, and nothing younger', async () => {
    const { url, store, rests } = await house(version, {
      recordingsDays: 10,
      transcriptsDays: 20,
      journalDays: 30,
      recordsDays: 40,
    })
    const [young, silent, wordless, bare, gone] = [
      await talk(url, store, 9),
      await talk(url, store, 10),
      await talk(url, store, 20),
      await talk(url, store, 30),
      await talk(url, store, 40),
    ]
    const foreign = await talk(url, store, 400, { applicationId: stranger })
    await enforce(store, rests)
    await sweep(url, store)
    expect(store.erasedByRules).toEqual({ recordings: 3, transcripts: 2, journal: 1, records: 1, audit: 0 })
    expect((await store.records.find(tenant, young))?.recording).toBeDefined()
    expect(existsSync(store.recordings.pathFor(young))).toBe(true)
    expect((await store.records.find(tenant, silent))?.recording).toBeUndefined()
    expect(existsSync(store.recordings.pathFor(silent))).toBe(false)
    expect(await store.records.transcript(tenant, silent)).toHaveLength(1)
    expect(await store.records.transcript(tenant, wordless)).toEqual([])
    expect(await typesOf(store, wordless)).toEqual([
      'call.incoming',
      'call.answered',
      'signalling.messages',
      'call.ended',
    ])
    expect((await store.records.find(tenant, wordless))?.keys).toEqual([])
    expect(await typesOf(store, bare)).toEqual([])
    expect(await store.records.find(tenant, bare)).toMatchObject({ caller: '+49 30 1', state: 'ended' })
    expect(await store.records.find(tenant, gone)).toBeUndefined()
    expect(await mentions(url, gone)).toEqual([])
    expect((await ask(url, "select 1 from calls where spec::text like '%Rumpel%'")).length).toBe(3)
    expect((await store.records.find(stranger, foreign))?.recording).toBeDefined()
  })

  test('applications that the configuration does not name have the rules of all others', async () => {
    const { url, store, rests } = await house(version)
    const made = applicationId(1_500_000_001)
    await ask(url, 'insert into applications (application_id) values ($1)', [made])
    const old = await talk(url, store, 5, { applicationId: made })
    const young = await talk(url, store, 4, { applicationId: made })
    const kept = await talk(url, store, 50)
    expect(await store.erasure.rules(made)).toEqual({ recordsDays: 5, auditDays: 400 })
    expect(await store.erasure.rules(tenant)).toEqual({ auditDays: 400 })
    await enforce(store, rests)
    expect(await store.records.find(made, old)).toBeUndefined()
    expect(await store.records.find(made, young)).toBeDefined()
    expect(await store.records.find(tenant, kept)).toBeDefined()
  })

  test('entries of the audit log go by the rule of their application, those of the installation by that of all others', async () => {
    const { url, store, rests } = await house(version, { auditDays: 30 })
    const write = async (target: string, daysAgo: number, owner?: ApplicationId) => {
      const entry = { actor: 'AKID', operation: 'postKeys', target, details: {} }
      const id = await store.audit.begin({ ...entry, ...(owner !== undefined && { applicationId: owner }) })
      await ask(url, 'update audit_log set at = clock_timestamp() - make_interval(days => $2) where id = $1', [
        id,
        daysAgo,
      ])
    }
    await write('own old', 30, tenant)
    await write('own young', 29, tenant)
    await write('other old', 400, applicationId(1_500_000_001))
    await write('other young', 399, applicationId(1_500_000_001))
    await write('installation old', 400)
    await write('installation young', 399)
    await enforce(store, rests)
    expect(store.erasedByRules.audit).toBe(3)
    const left = await store.audit.list('all', undefined, 9)
    expect(left.map(({ target }) => target)).toEqual(['own young', 'installation young', 'other young'])
  })

  test('a dry run lists what rules would erase, and erases nothing', async () => {
    const { url, store } = await house(version, { recordingsDays: 10 })
    const old = await talk(url, store, 50)
    const older = await talk(url, store, 60)
    await talk(url, store, 5)
    expect(await store.erasure.rules(tenant)).toEqual({ recordingsDays: 10, auditDays: 400 })
    const due = await store.erasure.due(tenant, { recordsDays: 40, transcriptsDays: 55 }, 10)
    expect(due.records.calls.map((call) => call.callId)).toEqual([older, old])
    expect(due.transcripts).toMatchObject({ count: 1, calls: [{ callId: older }] })
    expect(due.recordings).toEqual({ count: 0, calls: [] })
    expect((await ask(url, 'select 1 from calls')).length).toBe(3)
  })

  test('a call that is erased leaves nothing in the database and no file', async () => {
    const { url, store } = await house(version)
    const id = await talk(url, store, 0)
    const other = await talk(url, store, 0)
    expect(await store.erasure.erase(stranger, id)).toBe('unknown')
    expect(await store.erasure.erase(tenant, id)).toBe('erased')
    expect(await store.erasure.erase(tenant, id)).toBe('unknown')
    await sweep(url, store)
    expect(await mentions(url, id)).toEqual([])
    expect(existsSync(store.recordings.pathFor(id))).toBe(false)
    expect(await store.records.transcript(tenant, other)).toHaveLength(1)
  })

  test('a call in progress is not erased', async () => {
    const { url, store } = await house(version)
    const id = await talk(url, store, 0, { isOver: false })
    expect(await store.erasure.erase(tenant, id)).toBe('inProgress')
    expect(await store.records.transcript(tenant, id)).toHaveLength(1)
    expect(existsSync(store.recordings.pathFor(id))).toBe(true)
  })

  test('everything of one number goes, however it is written, and of no other number or application', async () => {
    const { url, store } = await house(version)
    const called = await talk(url, store, 3, { callee: '0049 170-555' })
    const calling = await talk(url, store, 3, { caller: '+49170555' })
    const talking = await talk(url, store, 0, { caller: '+49170555', isOver: false })
    const other = await talk(url, store, 3, { callee: '+491705556' })
    const foreign = await talk(url, store, 3, { callee: '+49170555', applicationId: stranger })
    expect(await store.erasure.erasePhone(tenant, '+49 (170) 555')).toEqual({ erased: 2, inProgress: 1 })
    await sweep(url, store)
    expect([...(await mentions(url, called)), ...(await mentions(url, calling))]).toEqual([])
    expect(await store.records.find(tenant, talking)).toBeDefined()
    expect(await store.records.find(tenant, other)).toBeDefined()
    expect(await store.records.find(stranger, foreign)).toBeDefined()
    expect(await store.erasure.erasePhone(tenant, ' ')).toEqual({ erased: 0, inProgress: 0 })
  })
})
