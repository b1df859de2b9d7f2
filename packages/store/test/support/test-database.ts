import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { eventually } from './real-time.ts'

export type ServerVersion = 'bundled 18' | 'Debian 15'

const debianBinDir = '/usr/lib/postgresql/15/bin'

/** In CI the older server must be there. */
export const serverVersions: readonly ServerVersion[] =
  existsSync(debianBinDir) || process.env.CI ? ['bundled 18', 'Debian 15'] : ['bundled 18']

/** A fresh, empty database on the server that all files of this run share. Dropped with the server. */
export async function createTestDatabase(version: ServerVersion): Promise<string> {
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2)}`
  const client = await sharedServer(version)
  try {
    await client.query(`create database ${name}`)
  } finally {
    await client.end()
  }
  return urlOf(version, name)
}

/** Asks the database behind `url` one question. */
export async function ask<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** Made by the first file of a run that needs it, removed when the run ends. */
export function folderOf(version: ServerVersion): string {
  return join(tmpdir(), `parley-test-${process.ppid}-${version.replace(/\D/g, '')}`)
}

function urlOf(version: ServerVersion, database: string): string {
  return `postgresql://parley@localhost/${database}?host=${encodeURIComponent(join(folderOf(version), 'run'))}&port=5432`
}

/** The first file to ask starts the server; its keeper outlives the file and ends with the run. */
async function sharedServer(version: ServerVersion): Promise<pg.Client> {
  const running = await tryConnect(version)
  if (running) return running
  const keeper = fileURLToPath(new URL('./keep-server.ts', import.meta.url))
  const args = [folderOf(version), String(process.ppid), ...(version === 'Debian 15' ? [debianBinDir] : [])]
  const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
  spawn(process.execPath, [...flags, keeper, ...args], { detached: true, stdio: 'ignore' }).unref()
  return eventually(() => tryConnect(version), 45_000)
}

/** Connects to the database that the launcher makes last, so a server it may yet refuse is not taken. */
async function tryConnect(version: ServerVersion): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: urlOf(version, 'parley') })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch {
    await client.end().catch(() => {})
    return undefined
  }
}
