import { type Logger, toVoiceError } from '@parley/core'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { prepareStatements, StatementNames } from './prepare-statements.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** Type number of `bigint`. Ours are Unix ms, ids and counters: all safe as numbers. */
const bigintOid = 20

const numericBigints: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === bigintOid
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

/** How every connection of the store is made. */
export function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types: numericBigints,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    application_name: 'parley',
    // Compiling a statement costs more than any of ours takes.
    options: '-c jit=off',
  }
}

/** A pool of at most `maxConnections`. */
export function openPool(url: string, maxConnections: number, logger: Logger): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(url), max: maxConnections })
  pool.on('error', (error) => logger.warn('idle database connection was lost', { error: error.message }))
  // The pool listens to a connection only while it is idle: lost between two statements of a transaction, it would end the
  // process. The next statement fails anyway.
  const names = new StatementNames()
  pool.on('connect', (client) => {
    prepareStatements(client, names)
    client.on('error', (error) => logger.debug('database connection was lost', { error: error.message }))
  })
  return pool
}

/** The database over a pool of its own. `destroy()` closes it. */
export function connect(url: string, maxConnections: number, logger: Logger): Database {
  return databaseOver(openPool(url, maxConnections, logger))
}

/** The database over this pool, which `destroy()` closes. */
export const databaseOver = (pool: pg.Pool): Database => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

/** Runs `work`; whatever it throws leaves as a `VoiceError`, STORE_FAILED unless it is one already. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toVoiceError(error, 'STORE_FAILED')
  }
}
