import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { silentLogger } from '@parley/core'
import { systemClock, systemRandom } from '@parley/runtime'
import { startEmbeddedPostgres } from '@parley/store'
import { describe, expect, test } from 'vitest'
import { failedStart, makeDataDir, removeDataDir, writeConfig } from './engine-process.ts'
import { answered, finishedCdr, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

const scripts = { '0001': saysGoodbye, '0002': 'answer: { after: 100ms }\nends: peer', '0003': 'never: true' }
const debianPrograms = '/usr/lib/postgresql/15/bin'

async function talkingCall(house: TestHouse): Promise<string> {
  const session = await house.call('0002')
  await answered(house.client, session)
  return session
}

/** A fresh data directory with the configuration of one trunk, as the environment of a start. */
function freshStart(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const dataDir = makeDataDir()
  return {
    PARLEY_DATA_DIR: dataDir,
    PARLEY_CONFIG: writeConfig(dataDir, { trunks: [{ name: 'phone', port: 9, number: '+8675500000001' }] }),
    ...more,
  }
}

const databaseRuns = (dataDir: string) => existsSync(join(dataDir, 'postgres/data/postmaster.pid'))

/** What an operator reads who started the engine in vain. */
async function inVain(environment: Record<string, string>, args: readonly string[] = []) {
  const { code, stderr } = await failedStart(environment, args)
  const lines = stderr.split('\n').filter((line) => line && !line.startsWith('{'))
  expect(stderr).not.toMatch(/^\s+at /m)
  if (environment.PARLEY_DATA_DIR) {
    expect(databaseRuns(environment.PARLEY_DATA_DIR), 'no database is left running').toBe(false)
    removeDataDir(environment.PARLEY_DATA_DIR)
  }
  return { code, text: lines.join('\n') }
}

describe('an engine that is told to stop', () => {
  test('says goodbye to its calls, closes their records and ends; the next start goes on with the same data', async () => {
    await using house = await startTestHouse(scripts)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const from = house.seen.length
      const session = await talkingCall(house)
      const ringing = await house.call('0003')
      await until('ringing', 5_000, async () => (house.seen.length === from + 2 ? true : undefined))
      const askedAt = Date.now()
      expect(await house.engine.stop(signal)).toBe(0)
      const tookMs = Date.now() - askedAt
      expect(tookMs).toBeLessThan(10_000)
      const [talked, rang] = await Promise.all(house.seen.slice(from).map(({ call }) => call.ended))
      expect(talked).toMatchObject({ outcome: 'completed', endedBy: 'peer' })
      expect(rang).toMatchObject({ outcome: 'cancelled', endedBy: 'peer' })
      expect(databaseRuns(house.dataDir)).toBe(false)
      await house.restart()
      const cdr = await finishedCdr(house.client, session, 5_000)
      expect(cdr).toMatchObject({ EndStatusString: 'operatorError', HungUpSide: 'system' })
      expect(cdr.RecordURL).toBeTruthy()
      expect((await finishedCdr(house.client, ringing, 5_000)).AcceptTimestamp).toBeFalsy()
      console.info(`${signal}: ended after ${tookMs} ms`)
    }
    expect(await finishedCdr(house.client, await house.call('0001'), 30_000)).toMatchObject({ EndStatusString: 'ok' })

    const second = await failedStart({
      PARLEY_DATA_DIR: house.dataDir,
      PARLEY_CONFIG: join(house.dataDir, 'parley.yaml'),
    })
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(`another engine is running on ${house.dataDir}`)
    expect(second.stderr).toContain('PARLEY_DATA_DIR')
    expect(house.engine.child.exitCode).toBeNull()
  }, 90_000)
})

describe.concurrent('an engine that cannot start says why', { timeout: 60_000 }, () => {
  test('the port of the API is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { code, text } = await inVain(freshStart({ PARLEY_HTTP_PORT: String(port) }))
    server.close()
    expect(code).toBe(1)
    expect(text).toMatch(new RegExp(`port ${port} .*PARLEY_HTTP_PORT`))
    expect(text).not.toContain('PARLEY_SIP_PORT')
  })

  test('the port of SIP is taken', async () => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    const { code, text } = await inVain(freshStart({ PARLEY_SIP_PORT: String(port) }))
    socket.close()
    expect(code).toBe(1)
    expect(text).toMatch(new RegExp(`port ${port} .*PARLEY_SIP_PORT`))
    expect(text).not.toContain('PARLEY_HTTP_PORT')
  })

  test('settings and file are wrong: every problem at once', async () => {
    const start = freshStart({ PARLEY_HTTP_PORT: 'x', PARLEY_RTP_PORTS: '1-2', PARLEY_NONSENSE: '1' })
    writeFileSync(start.PARLEY_CONFIG ?? '', 'applications: []\ntrunks: [{ name: "a b" }]\nmore: 1\n')
    const { code, text } = await inVain(start)
    expect(code).toBe(2)
    for (const part of ['PARLEY_HTTP_PORT', 'PARLEY_RTP_PORTS', 'PARLEY_NONSENSE', 'applications', 'trunks[0].name'])
      expect(text).toContain(part)
  })

  test('the end-of-turn model is not there', async () => {
    const start = freshStart()
    const file = JSON.parse(readFileSync(start.PARLEY_CONFIG ?? '', 'utf8'))
    const speech = { endOfTurn: { model: '/nowhere/model.onnx' } }
    writeFileSync(start.PARLEY_CONFIG ?? '', JSON.stringify({ ...file, speech }))
    const { code, text } = await inVain(start)
    expect(code).toBe(1)
    expect(text).toContain('speech.endOfTurn.model: /nowhere/model.onnx cannot be read (ENOENT)')
  })

  test('an option that does not go alone', async () => {
    expect(await inVain(freshStart(), ['--once'])).toMatchObject({
      code: 2,
      text: expect.stringContaining('--once and --json go with --demo'),
    })
  })

  test('the data directory is closed to the database', async () => {
    const start = freshStart()
    const closed = join(start.PARLEY_DATA_DIR ?? '', 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    const { code, text } = await inVain({ ...start, PARLEY_DATA_DIR: closed })
    removeDataDir(start.PARLEY_DATA_DIR ?? '')
    expect(code).toBe(1)
    expect(text).toContain(`may not enter ${closed}`)
    expect(text).toContain('PARLEY_DATA_DIR')
  })

  test('the data directory cannot be made', async () => {
    const start = freshStart()
    const { code, text } = await inVain({ ...start, PARLEY_DATA_DIR: join(start.PARLEY_CONFIG ?? '', 'below-a-file') })
    removeDataDir(start.PARLEY_DATA_DIR ?? '')
    expect(code).toBe(1)
    expect(text).toContain('PARLEY_DATA_DIR')
  })

  test('the path of the data directory is too long for a socket', async () => {
    const start = freshStart()
    const { code, text } = await inVain({
      ...start,
      PARLEY_DATA_DIR: join(start.PARLEY_DATA_DIR ?? '', 'x'.repeat(120)),
    })
    removeDataDir(start.PARLEY_DATA_DIR ?? '')
    expect(code).toBe(1)
    expect(text).toMatch(/too long .*PARLEY_DATA_DIR/)
  })

  test('nobody serves DATABASE_URL', async () => {
    const { code, text } = await inVain(freshStart({ DATABASE_URL: 'postgres://parley:topsecret@127.0.0.1:9/parley' }))
    expect(code).toBe(1)
    expect(text).toContain('DATABASE_URL')
    expect(text).not.toContain('topsecret')
  })
})

test('calls that find no free port for audio fail, and the log names the setting', async () => {
  await using taken = await takePorts()
  await using house = await startTestHouse(scripts, { environment: { PARLEY_RTP_PORTS: taken.range } })
  const session = await house.call('0001', { AcquireTimeoutSecond: 1 })
  expect(await finishedCdr(house.client, session, 10_000)).toMatchObject({ EndStatusString: 'operatorError' })
  expect(house.seen).toEqual([])
  expect(house.engine.log()).toContain('PARLEY_RTP_PORTS')
  expect(house.engine.child.exitCode).toBeNull()
}, 30_000)

test('a database of its own is used for whole calls', async ({ skip }) => {
  if (!existsSync(debianPrograms) && !process.env.CI) skip('there is no PostgreSQL 15')
  const dataDir = makeDataDir()
  try {
    await using database = await startEmbeddedPostgres({
      dataDir,
      binDir: debianPrograms,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    })
    await using house = await startTestHouse(scripts, { environment: { DATABASE_URL: database.url } })
    const cdr = await finishedCdr(house.client, await house.call('0001'), 30_000)
    expect(cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
    expect(existsSync(join(house.dataDir, 'postgres'))).toBe(false)
  } finally {
    removeDataDir(dataDir)
  }
}, 60_000)

/** Two pairs of ports that somebody else holds. */
async function takePorts() {
  const from = 26_000 + (process.pid % 500) * 4
  const sockets = Array.from({ length: 4 }, () => createSocket('udp4'))
  await Promise.all(
    sockets.map((socket, index) => {
      socket.bind({ address: '127.0.0.1', port: from + index, exclusive: true })
      return once(socket, 'listening')
    }),
  )
  return {
    range: `${from}-${from + 3}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.close()
    },
  }
}
