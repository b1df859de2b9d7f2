import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testApplication, testAuthorization } from './engine-process.ts'
import { finishedCdr } from './placed-call.ts'
import { saysGoodbye, startTestHouse } from './test-house.ts'

const { sdkAppId } = testApplication
const headers = { authorization: testAuthorization }

interface Seen {
  readonly type: string
  readonly callId: string
  readonly seq?: number
  readonly [name: string]: unknown
}

/** The events of a stream's text. */
const eventsOf = (text: string): Seen[] =>
  [...text.matchAll(/^data: (.+)$/gm)].map((match) => JSON.parse(match[1] ?? '') as Seen)

/** Collects what a stream sends. */
async function follow(url: string, signal: AbortSignal) {
  const seen = { text: '' }
  const { body, status } = await fetch(url, { headers, signal })
  expect(status).toBe(200)
  const reading = (async () => {
    for await (const chunk of body ?? []) seen.text += Buffer.from(chunk).toString()
  })().catch(() => {})
  return { seen, reading }
}

test('a call is seen as it happens, can be read again afterwards in every form, and its recording can be deleted', async () => {
  await using house = await startTestHouse({ '0001': saysGoodbye })
  const v1 = `http://127.0.0.1:${house.engine.httpPort}/v1`
  const leave = new AbortController()
  const all = await follow(`${v1}/events?sdkAppId=${sdkAppId}`, leave.signal)
  const session = await house.call('0001')
  const one = await follow(`${v1}/calls/${session}/events`, leave.signal)
  await one.reading
  await finishedCdr(house.client, session, 30_000)

  const events = eventsOf(one.seen.text)
  const types = events.map(({ type }) => type)
  const states = types.filter((type) => type.startsWith('call.'))
  expect(states[0]).toBe('call.dialing')
  expect(states.slice(-2)).toEqual(['call.answered', 'call.ended'])
  for (const type of [
    'assistant.said',
    'transcript.partial',
    'transcript.final',
    'turn.completed',
    'recording.ready',
  ]) {
    expect(types).toContain(type)
  }
  expect(types.indexOf('transcript.partial')).toBeLessThan(types.indexOf('transcript.final'))
  const stored = events.filter(({ seq }) => seq !== undefined)
  expect(stored.map(({ seq }) => seq)).toEqual([...stored].map(({ seq }) => seq).sort((a, b) => Number(a) - Number(b)))
  const turn = events.findLast(({ type }) => type === 'turn.completed')
  expect(turn).toMatchObject({ latencyMs: { endToEnd: expect.any(Number) } })

  await expect.poll(() => eventsOf(all.seen.text).map(({ type }) => type), { timeout: 5_000 }).toContain('call.ended')
  const inStream = eventsOf(all.seen.text).filter(({ seq }) => seq !== undefined)
  expect(inStream.map(({ type, seq }) => [type, seq])).toEqual(stored.map(({ type, seq }) => [type, seq]))
  leave.abort()

  const get = (path: string, more: RequestInit = {}) => fetch(`${v1}${path}`, { headers, ...more })
  const again = eventsOf(await (await get(`/calls/${session}/events`)).text())
  expect(again.map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => seq))
  expect(await (await get(`/calls/${session}/transcript?format=vtt`)).text()).toMatch(/^WEBVTT\n\n1\n00:00:0\d/)
  expect(await (await get(`/calls/${session}/transcript?format=text`)).text()).toMatch(/^\[00:0\d\] assistant: Hello/)
  const { calls } = (await (await get('/calls?limit=1')).json()) as {
    calls: { id: string; recording: { url: string } }[]
  }
  expect(calls[0]).toMatchObject({ id: session, outcome: { kind: 'completed' }, quality: { codec: 'PCMA' } })
  const file = join(house.dataDir, 'recordings', `${session}.wav`)
  const url = calls[0]?.recording.url ?? ''
  expect([existsSync(file), (await fetch(url)).status]).toEqual([true, 200])
  expect((await get(`/calls/${session}/recording`, { method: 'DELETE' })).status).toBe(204)
  expect([existsSync(file), (await fetch(url)).status]).toEqual([false, 404])
  expect((await finishedCdr(house.client, session, 5_000)).RecordURL ?? '').toBe('')
}, 90_000)
