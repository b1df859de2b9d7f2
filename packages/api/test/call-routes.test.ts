import { applicationId, callId, Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, secretId, secretKey, someCallId, wallAtStartMs } from './api-house.ts'

const otherApp = 7
const mine = `${secretId}:${secretKey}`

function houseWithCall() {
  const house = apiHouse({
    applications: [
      { applicationId: applicationId(appId), keys: [{ secretId, secretKey: new Secret(secretKey) }] },
      { applicationId: applicationId(otherApp), keys: [{ secretId: 'other', secretKey: new Secret('other-key') }] },
      { applicationId: applicationId(8), keys: [{ secretId: 'both', secretKey: new Secret('both-key') }] },
      { applicationId: applicationId(9), keys: [{ secretId: 'both', secretKey: new Secret('both-key') }] },
    ],
  })
  house.records.calls.push(finishedCall())
  const ask = (url: string, user = mine, method: 'GET' | 'DELETE' = 'GET') =>
    house.api.server.inject({
      method,
      url,
      headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}`, host: 'calls.test' },
    })
  return { ...house, ask }
}

test('a call is shown with outcome, times and an address of its recording that opens it', async () => {
  const { ask, recordings } = houseWithCall()
  recordings.files.set(`/recordings/${someCallId}.wav`, new Uint8Array(10))
  const call = (await ask(`/v1/calls/${someCallId.toUpperCase()}`)).json()
  expect(call).toMatchObject({
    id: someCallId,
    sdkAppId: appId,
    state: 'ended',
    createdAt: new Date(wallAtStartMs - 3_600_000).toISOString(),
    outcome: { kind: 'completed', by: 'user' },
    keys: [{ key: '5' }],
    transfers: [],
    recording: { durationMs: 60_500, bytes: 1000 },
  })
  expect(call.recording.url).toMatch(/^http:\/\/calls\.test\/recordings\//)
  expect((await ask(call.recording.url.replace('http://calls.test', ''))).statusCode).toBe(200)
  expect(JSON.stringify(call)).not.toContain('path')
})

test.each([
  ['GET', ''],
  ['GET', '/transcript'],
  ['DELETE', '/recording'],
] as const)(
  "%s /v1/calls/{id}%s does not know another application's call, nor anybody without a key",
  async (method, rest) => {
    const { ask, records } = houseWithCall()
    const url = `/v1/calls/${someCallId}${rest}`
    const missing = await ask(`/v1/calls/${callId('00000000-0000-4000-8000-000000000000')}${rest}`, mine, method)
    const foreign = await ask(url, 'other:other-key', method)
    expect([foreign.statusCode, foreign.body]).toEqual([missing.statusCode, missing.body])
    expect([foreign.statusCode, foreign.headers['content-type']]).toEqual([404, 'application/problem+json'])
    const stranger = await ask(url, 'nobody:x', method)
    expect([stranger.statusCode, stranger.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="Parley", Bearer realm="Parley"',
    ])
    expect(records.calls[0]?.recording).toBeDefined()
  },
)

test('pages follow each other by cursor until the last one, and hold the own calls alone', async () => {
  const { ask, records } = houseWithCall()
  records.calls.length = 0
  const ids = [1, 2, 3, 4, 5].map((n) => callId(`3fa85f64-5717-4562-b3fc-2c963f66af0${n}`))
  for (const [index, id] of ids.entries()) {
    records.calls.push(finishedCall({ callId: id, createdAtMs: wallAtStartMs - index * 1000 }))
  }
  records.calls.push(finishedCall({ applicationId: applicationId(otherApp) }))
  const seen: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 3; page += 1) {
    const answer = (await ask(`/v1/calls?limit=2${cursor ? `&cursor=${cursor}` : ''}`)).json()
    seen.push(...answer.calls.map(({ id }: { id: string }) => id))
    cursor = answer.nextCursor
    expect(cursor === undefined).toBe(page === 2)
  }
  expect(seen).toEqual(ids)
})

test.each([
  ['limit=0', 400],
  ['limit=101', 400],
  ['limit=2&limit=3', 400],
  ['cursor=nonsense', 400],
  ['from=yesterday', 400],
  ['to=2026-13-45', 400],
  ['sdkAppId=x', 400],
  [`sdkAppId=${otherApp}`, 404],
  [`sdkAppId=${appId}&from=2020-01-01&to=2030-01-01T00:00:00Z`, 200],
])('a list with %s is answered with %i', async (query, status) => {
  const { ask } = houseWithCall()
  expect((await ask(`/v1/calls?${query}`)).statusCode).toBe(status)
})

test('a key of several applications has to say which one', async () => {
  const { ask } = houseWithCall()
  expect((await ask('/v1/calls', 'both:both-key')).statusCode).toBe(400)
  expect((await ask('/v1/calls?sdkAppId=9', 'both:both-key')).json()).toEqual({ calls: [] })
})

test('a transcript comes as JSON, as WebVTT and as text; what was said cannot break out of it', async () => {
  const { ask, records } = houseWithCall()
  records.lines.push(
    { role: 'assistant', text: 'Hello.', fromMs: 120, toMs: 1_500 },
    { role: 'user', text: 'A <b>\n\n00:00 --> x & y', fromMs: 61_004.6, toMs: 61_004.6 },
  )
  const url = `/v1/calls/${someCallId}/transcript`
  expect((await ask(url)).json()).toMatchObject({ id: someCallId, isFinal: true, lines: [{ role: 'assistant' }, {}] })
  const vtt = await ask(`${url}?format=vtt`)
  expect(vtt.headers['content-type']).toBe('text/vtt; charset=utf-8')
  expect(vtt.body).toBe(
    'WEBVTT\n\n1\n00:00:00.120 --> 00:00:01.500\n<v assistant>Hello.\n\n' +
      '2\n00:01:01.005 --> 00:01:01.006\n<v user>A &lt;b&gt; 00:00 --&gt; x &amp; y\n',
  )
  expect((await ask(`${url}?format=text`)).body).toBe(
    '[00:00] assistant: Hello.\n[01:01] user: A <b> 00:00 --> x & y\n',
  )
  expect((await ask(`${url}?format=pdf`)).statusCode).toBe(400)
})

test('a deleted recording is gone: file, reference and address', async () => {
  const { ask, recordings } = houseWithCall()
  recordings.files.set(`/recordings/${someCallId}.wav`, new Uint8Array(10))
  const { url } = (await ask(`/v1/calls/${someCallId}`)).json().recording
  expect((await ask(`/v1/calls/${someCallId}/recording`, mine, 'DELETE')).statusCode).toBe(204)
  expect(recordings.files.size).toBe(0)
  expect((await ask(`/v1/calls/${someCallId}`)).json().recording).toBeUndefined()
  expect((await ask(url.replace('http://calls.test', ''))).statusCode).toBe(404)
  expect((await ask(`/v1/calls/${someCallId}/recording`, mine, 'DELETE')).statusCode).toBe(404)
})

test('the recording of a call in progress cannot be deleted', async () => {
  const { ask, records } = houseWithCall()
  records.calls[0] = finishedCall({ state: 'answered' })
  expect((await ask(`/v1/calls/${someCallId}/recording`, mine, 'DELETE')).statusCode).toBe(409)
})

test('a recording whose file cannot be deleted now is gone from the record all the same', async () => {
  const { ask, records, recordings, logger } = houseWithCall()
  recordings.failure = new Error('the bucket is away')
  expect((await ask(`/v1/calls/${someCallId}/recording`, mine, 'DELETE')).statusCode).toBe(204)
  expect(records.calls[0]?.recording).toBeUndefined()
  expect(logger.lines.join('\n')).toContain('the bucket is away')
})
