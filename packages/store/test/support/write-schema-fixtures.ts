import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { silentLogger } from '@parley/core'
import { connect } from '../../src/database/connect.ts'
import { migrate } from '../../src/database/migrate.ts'
import { schemaSamples } from './schema-samples.ts'
import { ask, createTestDatabase } from './test-database.ts'

/*
 * Writes a dump of a schema version with sample rows: `write-schema-fixtures.ts 0007-idempotency`. Run when Parley is released:
 * it shows what the migrations that made a database then did, should one be edited, and how an engine of then sealed
 * secrets. The file is never written again.
 */
const folder = fileURLToPath(new URL('../fixtures/schemas/', import.meta.url))
for (const version of process.argv.slice(2)) {
  const url = await createTestDatabase('Debian 15')
  const db = connect(url, 1, silentLogger)
  await migrate(db, version)
  await db.destroy()
  for (const { since, text, values } of schemaSamples()) if (since <= version) await ask(url, text, [...(values ?? [])])
  const options = ['--inserts', '--no-owner', '--no-privileges', '--dbname', url]
  const { stdout } = await promisify(execFile)('/usr/lib/postgresql/15/bin/pg_dump', options)
  // Lines for psql, comments and empty lines say nothing.
  const lines = stdout.split('\n').filter((line) => !/^(\\|--|$)/.test(line))
  await writeFile(`${folder}${version}.sql`, `${lines.join('\n')}\n`)
}
