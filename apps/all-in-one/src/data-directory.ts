import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectSocket, createServer } from 'node:net'
import { join } from 'node:path'
import type { Random } from '@parley/core'

/** What this installation keeps about itself, made on the first start and read on the next ones. */
export interface Identity {
  /** Names this engine among several on one database. */
  readonly instance: string
  /** 32 bytes: encrypts credentials at rest. */
  readonly masterKey: Uint8Array
  /** 32 bytes: signs links to recordings. */
  readonly urlSigningKey: Uint8Array
  readonly demo: { readonly sdkAppId: number; readonly secretId: string; readonly secretKey: string }
  /** The demo keys were made by this start. */
  readonly fresh: boolean
}

interface IdentityFile {
  readonly instance: string
  readonly masterKey: string
  readonly urlSigningKey: string
  readonly demo: Identity['demo']
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Reads `identity.json` of the data directory, or makes it (mode 0600). */
export function openIdentity(dataDir: string, random: Random): Identity {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const path = join(dataDir, 'identity.json')
  let file: IdentityFile | undefined
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as IdentityFile
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new Error(`${path} cannot be read`, { cause: error })
  }
  const fresh = file === undefined
  file ??= {
    instance: random.uuid(),
    masterKey: hex(random.bytes(32)),
    urlSigningKey: hex(random.bytes(32)),
    demo: { sdkAppId: 1_400_000_001, secretId: `AKID${hex(random.bytes(12))}`, secretKey: hex(random.bytes(16)) },
  }
  if (fresh) writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return {
    instance: file.instance,
    masterKey: Buffer.from(file.masterKey, 'hex'),
    urlSigningKey: Buffer.from(file.urlSigningKey, 'hex'),
    demo: file.demo,
    fresh,
  }
}

/**
 * Makes sure that one engine at a time uses the data directory: a listening socket in it, which dies with its process.
 * @throws Error with a sentence for the operator when another engine is alive.
 */
export async function lockDataDirectory(dataDir: string): Promise<AsyncDisposable> {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const path = join(dataDir, 'engine.lock')
  if (await isAlive(path))
    throw new Error(`another engine is running on ${dataDir}; set PARLEY_DATA_DIR to use another directory`)
  rmSync(path, { force: true })
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  server.unref()
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
