import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CallSpec, silentLogger } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { connect } from '../src/database/connect.ts'
import { migrate, schemaSteps } from '../src/database/migrate.ts'
import { eventually } from './support/real-time.ts'
import { assistant, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { closedCall, createdAtMs, queuedCall, schemaSamples } from './support/schema-samples.ts'
import { ask, createTestDatabase, type ServerVersion, serverVersions } from './support/test-database.ts'

/** A dump as an engine of that schema left it, not made by the migrations of today. */
const dumped = '0007-idempotency'
const dumpFile = fileURLToPath(new URL(`./fixtures/schemas/${dumped}.sql`, import.meta.url))
const sources = [{ version: dumped, from: 'dump' }, ...schemaSteps.map((version) => ({ version, from: 'migrations' }))]
/** Adds a column that no sample needs. */
const withoutSample = ['0003-call-quality']

/** A database of that schema with rows in it. */
async function databaseOf(server: ServerVersion, version: string, from: string): Promise<string> {
  const url = await createTestDatabase(server)
  if (from === 'dump') {
    await ask(url, readFileSync(dumpFile, 'utf8'))
    return url
  }
  const db = connect(url, 1, silentLogger)
  await migrate(db, version)
  await db.destroy()
  for (const { since, text, values } of schemaSamples()) if (since <= version) await ask(url, text, [...(values ?? [])])
  return url
}

/** Every column, index, constraint, trigger and function. */
const schemaOf = (url: string) =>
  ask(
    url,
    `select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) as part
       from information_schema.columns where table_schema = 'public'
     union all select indexdef from pg_indexes where schemaname = 'public'
     union all select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
       where connamespace = 'public'::regnamespace
     union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
     union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
     order by 1`,
  )

test('each step of the schema has rows that upgrades must keep', () => {
  const sampled = new Set(schemaSamples().map(({ since }) => since))
  expect(schemaSteps.filter((step) => !sampled.has(step))).toEqual(withoutSample)
})

describe.each(serverVersions)('on %s', (server) => {
  test.each(sources)(
    'a database of schema $version by $from is brought up to date by engines that start at once, and has lost nothing',
    async ({ version, from }) => {
      const url = await databaseOf(server, version, from)
      const [first, second] = await Promise.all([openTestStore(url, 3), openTestStore(url, 3)])
      await using store = first
      await second[Symbol.asyncDispose]()
      expect(await store.records.find(tenant, closedCall)).toMatchObject({
        direction: 'outbound',
        caller: '+49301',
        callee: '+4930111222',
        trunk: 'main',
        state: 'ended',
        createdAtMs,
        ringingAtMs: createdAtMs + 1_000,
        answeredAtMs: createdAtMs + 5_000,
        endedAtMs: createdAtMs + 65_000,
        outcome: { kind: 'completed', by: 'user' },
        recording: { path: '/r.wav', durationMs: 60_000, bytes: 99 },
        keys: [{ key: '1', atWallMs: 1_760_000_010_000 }],
        transfers: version < '0002' ? [] : [{ skillGroupName: 'sales', callee: '+49309' }],
      })
      const lines = await store.records.transcript(tenant, closedCall)
      expect(lines.map(({ role, text }) => [role, text])).toEqual([
        ['user', 'Hello?'],
        ['assistant', 'Good day.'],
      ])
      const listed = { applicationId: tenant, fromMs: createdAtMs - 1, toMs: createdAtMs + 1, limit: 10, offset: 0 }
      expect((await store.records.list(listed)).total).toBe(2)
      for (const { since, kept } of schemaSamples())
        if (kept && since <= version) expect(await ask(url, kept.text), since).toEqual(kept.rows)

      // The call that waited is dialled, with its secrets.
      await store.configure({
        applications: [{ applicationId: tenant }],
        trunks: [trunk('main', 3, 100, { numbers: ['+49301'] })],
      })
      const placed: CallSpec[] = []
      const stop = new AbortController()
      const place = async (spec: CallSpec) => void placed.push(spec)
      const dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal })
      await eventually(() => placed.length > 0)
      stop.abort()
      await dispatching
      expect(placed[0]).toMatchObject({
        callId: queuedCall,
        caller: '+49301',
        assistant: { instructions: 'Be brief.' },
      })
      expect(placed[0]?.assistant.model.apiKey?.reveal()).toBe(assistant.model.apiKey?.reveal())
    },
  )

  test('a database that was dumped becomes what a new one is', async () => {
    const urls = [await databaseOf(server, dumped, 'dump'), await createTestDatabase(server)]
    for (const url of urls) await (await openTestStore(url, 3))[Symbol.asyncDispose]()
    const [old, fresh] = await Promise.all(urls.map(schemaOf))
    expect(old).toEqual(fresh)
  })

  test('an engine that is older than the schema says so and changes nothing', async () => {
    const url = await createTestDatabase(server)
    const db = connect(url, 2, silentLogger)
    await migrate(db)
    const steps = 'select name from kysely_migration order by name'
    await ask(url, "insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '')")
    const before = await ask(url, steps)
    await expect(openTestStore(url)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('newer version of Parley (schema step 9999-from-the-future)'),
    })
    expect(await ask(url, steps)).toEqual(before)
    await db.destroy()
  })
})
