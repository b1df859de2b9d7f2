import pg from 'pg'
import { type ServerPaths, serverPort } from './server-paths.ts'

export const serverUser = 'parley'
export const serverDatabase = 'parley'

/** Address of the embedded server for any PostgreSQL client. */
export function serverUrl(paths: ServerPaths, database: string = serverDatabase): string {
  return `postgresql://${serverUser}@localhost/${database}?host=${encodeURIComponent(paths.socketDir)}&port=${serverPort}`
}

/**
 * A connection to the server's maintenance database, or undefined when nobody serves the socket (yet).
 * The caller ends it. Rejects when something answers that is not our server.
 */
export async function tryConnect(paths: ServerPaths): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: serverUrl(paths, 'postgres'), connectionTimeoutMillis: 5_000 })
  // The connection ends with the server; whoever holds it learns so from its next query.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    if (isNotThere(error)) return undefined
    throw error
  }
}

/** 57P03: starting up or shutting down. 57P01: shut down while we connected. */
function isNotThere(error: unknown): boolean {
  const code = (error as { code?: string }).code
  const message = error instanceof Error ? error.message : ''
  return (
    code === 'ENOENT' ||
    code === 'ECONNREFUSED' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === '57P03' ||
    code === '57P01' ||
    message.includes('Connection terminated')
  )
}
