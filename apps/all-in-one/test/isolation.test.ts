import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { actions } from '../../../packages/api/src/actions/action-index.ts'
import { minimalCall, wallAtStartMs } from '../../../packages/api/test/api-house.ts'
import { actionRows } from './isolation/action-rows.ts'
import { type IsolationHouse, intruder, openIsolationHouse, recordsOf, victim } from './isolation/isolation-house.ts'
import { routeLog } from './isolation/route-log.ts'
import { otherRoutes, routeRows } from './isolation/route-rows.ts'
import type { Tenant } from './isolation/seed-tenant.ts'

// A server lists no routes with wildcards: they are noted as they are added.
vi.mock('../../../packages/api/src/http-server.ts', async (original) => {
  const real = await original<typeof import('../../../packages/api/src/http-server.ts')>()
  const createHttpServer: typeof real.createHttpServer = (dispatcher) => {
    const server = real.createHttpServer(dispatcher)
    server.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routeLog.add(`${each} ${url}`)
    })
    return server
  }
  return { ...real, createHttpServer }
})

/*
 * A tenant cannot see, control or even detect what is another's. Two houses: in one lives the victim, in the other it never
 * did. Whatever the intruder asks, both must answer with the same bytes, after the same look-ups.
 */
let full: IsolationHouse
let empty: IsolationHouse
let before: Awaited<ReturnType<typeof recordsOf>>

beforeAll(async () => {
  full = await openIsolationHouse([victim, intruder])
  empty = await openIsolationHouse([intruder])
  before = await recordsOf(full, victim)
})
afterAll(async () => {
  await full?.[Symbol.asyncDispose]()
  await empty?.[Symbol.asyncDispose]()
})

const applications = [intruder.applicationId, victim.applicationId]

test('the tables have a row for every action and every route', async () => {
  expect(Object.keys(actionRows).toSorted()).toEqual([...actions.keys()].toSorted())
  // Of `/v1` those of its document: the server also has routes that refuse methods.
  const others = [...routeLog].filter((route) => !route.includes(' /v1/'))
  const routes = [...(await documented(full)), ...others].filter((route) => !otherRoutes.has(route))
  expect(Object.keys(routeRows).toSorted()).toEqual(routes.toSorted())
})

test('the victim is there: its own keys open everything', async () => {
  const { SdkAppId, SessionId } = { SdkAppId: victim.applicationId, SessionId: victim.endedCall }
  const transcript = await full.ask({ action: 'DescribeTelRecordAsr', parameters: { SdkAppId, SessionId } }, victim)
  expect(transcript.answer).toContain(victim.words)
  for (const tail of ['', '/transcript', '/sip', '/events']) {
    const { answer } = await full.ask({ method: 'GET', url: `/v1/calls/${victim.endedCall}${tail}` }, victim)
    expect(answer).toContain('"status":200')
  }
  const dead = await full.ask({ method: 'GET', url: '/v1/webhooks/dead' }, victim)
  expect(dead.answer).toContain(victim.pushId)
})

/** Ids of what a request makes are drawn anew. */
const withoutNewIds = (answer: string) =>
  answer
    .replace(/(SessionId\\":\\")[0-9a-f-]{36}/g, '$1<new>')
    .replace(/("location":"\/v1\/trunks\/)\d+/, '$1<new>')
    .replace(/("status":201,.*\{\\"id\\":)\d+/, '$1<new>')

describe.each(Object.entries(actionRows))('%s', (action, aim) => {
  test.each(applications)('tells nothing, asked for application %i', async (as) => {
    const aims = aim(victim, as)
    expect(aims).not.toEqual([])
    for (const parameters of aims) {
      const seen = await full.ask({ action, parameters }, intruder)
      const wanted = await empty.ask({ action, parameters }, intruder)
      expect(withoutNewIds(seen.answer), JSON.stringify(parameters)).toBe(withoutNewIds(wanted.answer))
      expect(seen.lookUps, JSON.stringify(parameters)).toEqual(wanted.lookUps)
    }
  })
})

describe.each(Object.entries(routeRows))('%s', (_route, aim) => {
  test.each(applications)('tells nothing, asked for application %i', async (as) => {
    const aims = aim(victim, as)
    expect(aims).not.toEqual([])
    for (const request of aims) {
      const seen = await full.ask(request, intruder)
      const wanted = await empty.ask(request, intruder)
      expect(withoutNewIds(seen.answer), JSON.stringify(request)).toBe(withoutNewIds(wanted.answer))
      expect(seen.lookUps, JSON.stringify(request)).toEqual(wanted.lookUps)
    }
  })
})

test('a signed address of the intruder opens nothing else when it is bent', async () => {
  const { answer } = await full.ask({ method: 'GET', url: `/v1/calls/${intruder.endedCall}` }, intruder)
  const url = /\/recordings\/[^"\\]+/.exec(answer)?.[0] ?? ''
  expect(url).toContain(`app=${intruder.applicationId}`)
  expect((await full.ask({ method: 'GET', url }, intruder)).answer).toContain('"status":200')
  const bent = [
    url.replace(intruder.endedCall, victim.endedCall),
    url.replace(`app=${intruder.applicationId}`, `app=${victim.applicationId}`),
    url
      .replace(intruder.endedCall, victim.endedCall)
      .replace(`app=${intruder.applicationId}`, `app=${victim.applicationId}`),
    url.replace('/recordings/', '/transcripts/').replace('.wav', '.json'),
  ]
  for (const address of bent) {
    const seen = await full.ask({ method: 'GET', url: address }, intruder)
    expect(seen).toEqual(await empty.ask({ method: 'GET', url: address }, intruder))
    expect(seen.answer).toContain('"status":403')
    expect(seen.lookUps).toEqual([])
  }
})

test('a key of the victim for repeated requests is a fresh key of the intruder', async () => {
  const headers = { 'x-idempotency-key': victim.idempotencyKey }
  const parameters = { ...minimalCall, SdkAppId: intruder.applicationId, APIUrl: 'https://model.example/v1' }
  const request = { action: 'CreateAICall', parameters, headers }
  const { answer } = await full.ask(request, intruder)
  expect(withoutNewIds(answer)).toBe(withoutNewIds((await empty.ask(request, intruder)).answer))
  expect(answer).toContain('SessionId')
  expect(answer).not.toContain(victim.endedCall)
})

test('the stream of an application carries nothing of another, also when it is asked to go on from an event of it', async () => {
  const port = { full: (await full.api.listen(loopback)).port, empty: (await empty.api.listen(loopback)).port }
  for (const [round, tail] of ['', `&lastEventId=${victim.endedCall}:3`].entries()) {
    const seen = await Promise.all(
      ([full, empty] as const).map(async (house) => {
        const stream = await openStream(house === full ? port.full : port.empty, tail)
        if (house === full) await press(house, victim, 10 + round)
        await press(house, intruder, 10 + round)
        return stream
      }),
    )
    const texts = await Promise.all(seen.map((stream) => stream.until(`${intruder.liveCall}:${10 + round}`)))
    expect(texts[0]).toBe(texts[1])
    expect(texts[0]).toContain('"key":"7"')
  }
})

test('after all that, the victim has what it had and nobody spoke in its calls', async () => {
  expect((await recordsOf(full, victim)).slice(0, 3)).toEqual(before.slice(0, 3))
  expect((await full.store.records.find(victim.applicationId, victim.liveCall))?.state).toBe('answered')
  expect(full.recordings.files.has(full.store.recordings.pathFor(victim.endedCall))).toBe(true)
  const { said, asked, hungUp, pressed, transferred, paused } = full.control
  const reached = [...said, ...asked, ...pressed, ...transferred, ...paused].map(({ callId }) => callId).concat(hungUp)
  expect(reached).not.toContain(victim.liveCall)
  expect(reached).not.toContain(victim.endedCall)
  const dead = await full.ask({ method: 'GET', url: '/v1/webhooks/dead' }, victim)
  expect(dead.answer).toContain(victim.pushId)
})

/** The routes of `/v1`, as `GET /v1/calls/{id}`. */
async function documented({ api }: IsolationHouse): Promise<readonly string[]> {
  const document = (await api.server.inject({ url: '/v1/openapi.json' })).json<{ paths: Record<string, object> }>()
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

const loopback = { host: '127.0.0.1', port: 0 }

/** Something happens in the live call of a tenant. */
const press = ({ store }: IsolationHouse, { liveCall }: Tenant, seq: number) =>
  store.journal.append([
    { callId: liveCall, seq, wallMs: wallAtStartMs + 1_000, body: { type: 'dtmf', key: '7', atMs: 9_000 } },
  ])

/** The intruder's stream. `until`: what came, once `last` is in it. */
async function openStream(port: number, tail: string) {
  const authorization = `Basic ${btoa(`${intruder.secretId}:${intruder.secretKey}`)}`
  const leave = new AbortController()
  const url = `http://127.0.0.1:${port}/v1/events?sdkAppId=${intruder.applicationId}${tail}`
  const { body, status } = await fetch(url, { headers: { authorization }, signal: leave.signal })
  expect(status).toBe(200)
  return {
    async until(last: string): Promise<string> {
      let text = ''
      const overdue = AbortSignal.timeout(10_000)
      overdue.addEventListener('abort', () => leave.abort())
      for await (const chunk of body ?? []) {
        text += Buffer.from(chunk).toString()
        if (text.includes(last) && text.endsWith('\n\n')) break
      }
      leave.abort()
      return text
    },
  }
}
