import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createPushTransport, type PushReceiver } from '@parley/api'
import { applicationId, type CallEventBody, callId, silentLogger as logger, type PushRoute, Secret } from '@parley/core'
import { createPinnedPost } from '@parley/providers'
import { systemClock as clock, systemRandom as random } from '@parley/runtime'
import { openStore, startEmbeddedPostgres } from '@parley/store'
import { expect, onTestFinished, test } from 'vitest'
import { makeDataDir, removeDataDir } from './engine-process.ts'
import { until } from './placed-call.ts'

const tenant = applicationId(1400000001)
const secret = new Secret(`whsec_${Buffer.alloc(32, 5).toString('base64')}`)

async function serve(answer: RequestListener) {
  let connections = 0
  const server = createServer(answer).on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get connections() {
      return connections
    },
  }
}

/** Two repetitions, in little time: the database has a clock of its own. */
const routeTo = (name: string): PushRoute => ({
  name,
  applicationId: tenant,
  events: ['call.ended'],
  retryDelaysMs: [20, 50],
  timeoutMs: 400,
})

test('pushes to receivers that fail in every way are tried three times and then dead, others are delivered', {
  timeout: 120_000,
}, async () => {
  await using parts = new AsyncDisposableStack()
  const dataDir = makeDataDir()
  parts.defer(() => removeDataDir(dataDir))
  const postgres = parts.use(await startEmbeddedPostgres({ clock, random, logger, dataDir: join(dataDir, 'postgres') }))
  const store = parts.use(
    await openStore({
      ...{ clock, random, logger, connection: { url: postgres.url } },
      recordingsDir: join(dataDir, 'recordings'),
      masterKey: new Uint8Array(32),
    }),
  )
  const inside = await serve((_request, response) => void response.end())
  const answers: Readonly<Record<string, RequestListener>> = {
    broken: (_request, response) => void response.writeHead(500).end(),
    hangs: () => {},
    redirects: (_request, response) => void response.writeHead(308, { location: inside.url }).end(),
    resets: (request) => void request.socket.destroy(),
    garbage: (request) => void request.socket.end('SIP/2.0 200 OK\r\n\r\n'),
    works: (_request, response) => void response.writeHead(204).end(),
  }
  const servers = new Map<string, Awaited<ReturnType<typeof serve>>>()
  for (const [name, answer] of Object.entries(answers)) servers.set(name, await serve(answer))
  const receivers: PushReceiver[] = [...servers].map(([name, { url }]) => ({
    ...{ format: 'standard', name, url, secrets: [secret], timeoutMs: 400 },
  }))
  const routes = receivers.map(({ name }) => routeTo(name))
  await store.configure({ applications: [{ applicationId: tenant }], trunks: [], webhooks: routes })
  const call = callId(random.uuid())
  const bodies: readonly CallEventBody[] = [
    { type: 'call.incoming', applicationId: tenant, direction: 'inbound', caller: '1', callee: '2', trunk: 'a' },
    { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } },
  ]
  await store.journal.append(bodies.map((body, seq) => ({ callId: call, seq, wallMs: clock.wallMs(), body })))

  const stop = new AbortController()
  const transport = (allowPrivate: boolean) =>
    createPushTransport({
      ...{
        receiverOf: (name) => receivers.find((receiver) => receiver.name === name),
        clock,
        records: store.records,
        urlSigningKey: new Uint8Array(32),
      },
      origin: 'https://calls.example.com',
      post: createPinnedPost({ clock, allowPrivate }),
    })
  const delivering = store.deliverPushes({ routes: () => routes, transport: transport(true), signal: stop.signal })
  const deadOnes = () => store.pushes.dead([tenant], 100)
  await until('dead pushes', 60_000, async () => (await deadOnes()).length === 5 || undefined)
  stop.abort()
  await delivering
  expect(
    Object.fromEntries((await deadOnes()).map(({ webhook, reason, tries }) => [webhook, [reason, tries]])),
  ).toEqual({
    broken: ['status 500', 3],
    hangs: ['timeout', 3],
    redirects: ['status 308', 3],
    resets: ['no connection', 3],
    garbage: ['no connection', 3],
  })
  expect(servers.get('works')?.connections).toBe(1)
  expect(inside.connections).toBe(0)

  // The same receivers where private addresses are forbidden.
  const before = servers.get('broken')?.connections
  const guarded = new AbortController()
  expect(await store.pushes.replay('broken', [tenant])).toBe(1)
  const refusing = store.deliverPushes({ routes: () => routes, transport: transport(false), signal: guarded.signal })
  await until(
    'refusal',
    60_000,
    async () =>
      (await deadOnes()).some(({ reason, tries }) => reason === 'private address' && tries === 3) || undefined,
  )
  guarded.abort()
  await refusing
  expect(servers.get('broken')?.connections).toBe(before)
})
