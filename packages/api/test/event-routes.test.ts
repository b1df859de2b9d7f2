import { applicationId, type CallEventBody, callId, Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, secretId, secretKey, someCallId } from './api-house.ts'
import { FakeEventLog, FakeFeed } from './fake-event-log.ts'

const mine = `${secretId}:${secretKey}`
const ended: CallEventBody = { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } }
const event = (seq: number, body: CallEventBody) => ({ callId: someCallId, seq, wallMs: 1_000 * seq, body })

function houseWithCall(state: 'ended' | 'answered' = 'ended') {
  const eventLog = new FakeEventLog()
  const feed = new FakeFeed()
  const house = apiHouse({
    eventLog,
    liveEvents: feed,
    applications: [
      { applicationId: applicationId(appId), keys: [{ secretId, secretKey: new Secret(secretKey) }] },
      { applicationId: applicationId(7), keys: [{ secretId: 'other', secretKey: new Secret('other-key') }] },
    ],
  })
  house.records.calls.push(finishedCall({ state }))
  const events = [event(1, { type: 'call.dialing' }), event(2, { type: 'call.answered' })]
  eventLog.add(appId, ...events, ...(state === 'ended' ? [event(3, ended)] : []))
  const headers = (user: string, last?: string) => ({
    authorization: `Basic ${Buffer.from(user).toString('base64')}`,
    ...(last === undefined ? {} : { 'last-event-id': last }),
  })
  const get = (url: string, user = mine, last?: string) =>
    house.api.server.inject({ url, headers: headers(user, last) })
  return { ...house, eventLog, feed, get, headers }
}

const typesOf = (text: string) => [...text.matchAll(/^event: (.+)$/gm)].map((match) => match[1])

/** Reads until `pattern` was seen. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, pattern: RegExp): Promise<string> {
  let text = ''
  while (!pattern.test(text)) {
    const { value, done } = await reader.read()
    if (done) break
    text += Buffer.from(value).toString()
  }
  return text
}

test('the events of a call that is over are there from the first to the last', async () => {
  const { get } = houseWithCall()
  const answer = await get(`/v1/calls/${someCallId}/events`)
  expect(answer.headers['content-type']).toBe('text/event-stream')
  expect(typesOf(answer.body)).toEqual(['call.dialing', 'call.answered', 'call.ended'])
})

test('a reader that comes back goes on after the last event it has, and is told when there is no more', async () => {
  const { get } = houseWithCall()
  const url = `/v1/calls/${someCallId}/events`
  expect(typesOf((await get(url, mine, `${someCallId}:1`)).body)).toEqual(['call.answered', 'call.ended'])
  expect(typesOf((await get(`${url}?lastEventId=${someCallId}:2`)).body)).toEqual(['call.ended'])
  expect((await get(url, mine, `${someCallId}:3`)).statusCode).toBe(204)
})

test.each([
  ['nonsense', 400],
  [`${someCallId}:x`, 400],
  ['00000000-0000-4000-8000-000000000000:1', 400],
])('the event id %s of no event here is refused', async (last, status) => {
  const { get } = houseWithCall()
  expect((await get(`/v1/calls/${someCallId}/events`, mine, last)).statusCode).toBe(status)
})

test("another application's call has no events, its stream is not there, and without a key there is nothing", async () => {
  const { get } = houseWithCall()
  const missing = await get(`/v1/calls/${callId('00000000-0000-4000-8000-000000000000')}/events`)
  const foreign = await get(`/v1/calls/${someCallId}/events`, 'other:other-key')
  expect([foreign.statusCode, foreign.body]).toEqual([404, missing.body])
  expect((await get(`/v1/events?sdkAppId=${appId}`, 'other:other-key')).statusCode).toBe(404)
  expect((await get(`/v1/events?sdkAppId=${appId}`, 'nobody:x')).statusCode).toBe(401)
  expect((await get(`/v1/events?sdkAppId=x`)).statusCode).toBe(400)
})

test('a stream of an application begins now, carries words and events as they come, and ends when the server closes', async () => {
  const house = houseWithCall('answered')
  const { port } = await house.api.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(`http://127.0.0.1:${port}/v1/events`, { headers: house.headers(mine) })
  const reader = answer.body?.getReader()
  if (!reader) throw new Error('no body')
  await readUntil(reader, /: connected/)
  house.feed.words(applicationId(7), someCallId, 'of a stranger')
  house.feed.words(applicationId(appId), someCallId, 'good mor')
  house.eventLog.add(appId, event(3, ended))
  house.feed.stored(someCallId)
  await house.clock.advance(300)
  const text = await readUntil(reader, /event: call.ended/)
  expect(typesOf(text)).toEqual(['transcript.partial', 'call.ended'])
  expect(text).not.toContain('stranger')
  const closed = house.api[Symbol.asyncDispose]()
  expect((await reader.read()).done).toBe(true)
  await closed
  expect(house.feed.listeners.size).toBe(0)
})

test('a reader of an application that comes back gets what it missed', async () => {
  const house = houseWithCall('answered')
  house.records.journal.push(event(1, { type: 'call.dialing' }))
  const { port } = await house.api.listen({ host: '127.0.0.1', port: 0 })
  const headers = house.headers(mine, `${someCallId}:1`)
  const { body } = await fetch(`http://127.0.0.1:${port}/v1/events`, { headers })
  const reader = body?.getReader()
  if (!reader) throw new Error('no body')
  expect(typesOf(await readUntil(reader, /event: call\.\w+/))).toEqual(['call.answered'])
  await house.api[Symbol.asyncDispose]()
})

test('streams that were left make room, and too many of one application are refused', async () => {
  const house = houseWithCall('answered')
  const { port } = await house.api.listen({ host: '127.0.0.1', port: 0 })
  const open = async () => {
    const leave = new AbortController()
    const url = `http://127.0.0.1:${port}/v1/calls/${someCallId}/events`
    const { status } = await fetch(url, { headers: house.headers(mine), signal: leave.signal })
    return { status, leave: () => leave.abort() }
  }
  const streams = await Promise.all(Array.from({ length: 50 }, open))
  expect(streams.every(({ status }) => status === 200)).toBe(true)
  expect((await open()).status).toBe(503)
  for (const { leave } of streams) leave()
  await expect.poll(() => house.feed.listeners.size, { timeout: 5_000 }).toBe(0)
  expect((await open()).status).toBe(200)
  await house.api[Symbol.asyncDispose]()
})
