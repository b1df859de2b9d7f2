import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CallSpec, silentLogger } from '@parley/core'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { connect } from '../src/database/connect.ts'
import { migrate } from '../src/database/migrate.ts'
import { eventually } from './support/real-time.ts'
import { assistant, openTestStore, tenant, trunk } from './support/sample-calls.ts'
import { closedCall, createdAtMs, queuedCall } from './support/schema-samples.ts'
import { ask, createTestDatabase, type ServerVersion, serverVersions } from './support/test-database.ts'

const folder = fileURLToPath(new URL('./fixtures/schemas/', import.meta.url))
const versions = readdirSync(folder).map((name) => name.replace('.sql', ''))

/** A database as an engine of that schema version left it. */
async function restored(server: ServerVersion, version: string): Promise<string> {
  const url = await createTestDatabase(server)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(readFileSync(`${folder}${version}.sql`, 'utf8'))
  await client.end()
  return url
}

describe.each(serverVersions)('on %s', (server) => {
  test.each(versions)(
    'a database of schema %s is brought up to date by engines that start at once, and has lost nothing',
    async (version) => {
      const url = await restored(server, version)
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
      if (version >= '0004')
        expect(await ask(url, 'select max_concurrent as most, max_cps as cps from numbers')).toEqual([
          { most: 2, cps: 1.5 },
        ])
      if (version >= '0005')
        expect(await ask(url, 'select webhook, event, state from pushes')).toEqual([
          { webhook: 'crm', event: 'call.ended', state: 'pending' },
        ])
      if (version >= '0006')
        expect(await ask(url, 'select state, failure from call_jobs')).toEqual([
          { state: 'failed', failure: 'PROVIDER_FAILED' },
        ])
      if (version >= '0007')
        expect(await ask(url, 'select idempotency_key as key from calls where call_id = $1', [closedCall])).toEqual([
          { key: 'order-1' },
        ])

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
