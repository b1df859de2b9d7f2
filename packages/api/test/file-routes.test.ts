import { createHmac } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createSignedLinks } from '../src/files/signed-links.ts'
import { apiHouse, appId, finishedCall, someCallId, wallAtStartMs } from './api-house.ts'
import { call } from './signed-inject.ts'

const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)

async function houseWithLinks() {
  const house = apiHouse({ publicUrl: 'http://files.test' })
  house.records.calls.push(finishedCall())
  house.recordings.files.set(`/recordings/${someCallId}.wav`, bytes)
  const nowS = wallAtStartMs / 1000
  const answer = await call(house.api, 'DescribeTelCdr', {
    ...{ SdkAppId: appId, StartTimeStamp: nowS - 86_400, EndTimeStamp: nowS, PageSize: 1, PageNumber: 0 },
  })
  const [record] = answer.TelCdrList as { RecordURL: string; AsrUrl: string }[]
  const recordPath = record?.RecordURL.replace('http://files.test', '') ?? ''
  const transcriptPath = record?.AsrUrl.replace('http://files.test', '') ?? ''
  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    house.api.server.inject({ method, url, headers })
  return { ...house, recordPath, transcriptPath, get }
}

test('a recording address gives the whole file', async () => {
  const { get, recordPath } = await houseWithLinks()
  const answer = await get(recordPath)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers).toMatchObject({
    'content-type': 'audio/wav',
    'content-length': '1000',
    'accept-ranges': 'bytes',
  })
  expect(answer.rawPayload.equals(bytes)).toBe(true)
})

test.each([
  ['mp3', '.mp3', 'audio/mpeg'],
  ['opus', '.ogg', 'audio/ogg'],
])('a recording that is kept as %s has that ending and type, and parts of it are served', async (_, suffix, type) => {
  const house = apiHouse({ publicUrl: 'http://files.test' })
  const path = `/recordings/${someCallId}${suffix}`
  house.records.calls.push(finishedCall({ recording: { path, durationMs: 1_000, bytes: 1_000 } }))
  house.recordings.files.set(path, bytes)
  const nowS = wallAtStartMs / 1000
  const answer = await call(house.api, 'DescribeTelCdr', {
    ...{ SdkAppId: appId, StartTimeStamp: nowS - 86_400, EndTimeStamp: nowS, PageSize: 1, PageNumber: 0 },
  })
  const [record] = answer.TelCdrList as { RecordURL: string }[]
  const url = record?.RecordURL.replace('http://files.test', '') ?? ''
  expect(new URL(url, 'http://x').pathname).toBe(path)
  const part = await house.api.server.inject({ url, headers: { range: 'bytes=0-9' } })
  expect([part.statusCode, part.headers['content-type']]).toEqual([206, type])
})

test('an address given out before the recording was encoded opens what took its place', async () => {
  const { get, recordPath, records, recordings } = await houseWithLinks()
  const path = `/recordings/${someCallId}.mp3`
  records.calls[0] = finishedCall({ recording: { path, durationMs: 1_000, bytes: 3 } })
  recordings.files.set(path, bytes.subarray(0, 3))
  const answer = await get(recordPath)
  expect([answer.statusCode, answer.headers['content-type'], answer.rawPayload.length]).toEqual([200, 'audio/mpeg', 3])
})

test('where clients read from the bucket itself they are sent there, but for HEAD', async () => {
  const house = await houseWithLinks()
  Object.assign(house.recordings, { linkTo: async (path: string) => `https://bucket.test${path}?signed` })
  const answer = await house.get(house.recordPath)
  expect([answer.statusCode, answer.headers.location]).toEqual([
    302,
    `https://bucket.test/recordings/${someCallId}.wav?signed`,
  ])
  expect((await house.get(house.recordPath, {}, 'HEAD')).headers['content-length']).toBe('1000')
})

test('HEAD tells the size without the file', async () => {
  const { get, recordPath } = await houseWithLinks()
  const answer = await get(recordPath, {}, 'HEAD')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-length']).toBe('1000')
  expect(answer.rawPayload).toHaveLength(0)
})

test('a range gives that part', async () => {
  const { get, recordPath } = await houseWithLinks()
  const answer = await get(recordPath, { range: 'bytes=100-349' })
  expect(answer.statusCode).toBe(206)
  expect(answer.headers).toMatchObject({ 'content-range': 'bytes 100-349/1000', 'content-length': '250' })
  expect(answer.rawPayload.equals(bytes.subarray(100, 350))).toBe(true)
})

test('a range behind the end is 416', async () => {
  const { get, recordPath } = await houseWithLinks()
  const answer = await get(recordPath, { range: 'bytes=1000-' })
  expect(answer.statusCode).toBe(416)
  expect(answer.headers['content-range']).toBe('bytes */1000')
})

test('an address that was changed in any part is refused', async () => {
  const { get, recordPath, transcriptPath } = await houseWithLinks()
  const later = recordPath.replace(/expires=(\d+)/, (_, seconds) => `expires=${Number(seconds) + 1}`)
  for (const path of [
    later,
    recordPath.replace(String(appId), '1400000001'),
    recordPath.replace('3fa85f64', '4fa85f64'),
    recordPath.replace(/signature=../, 'signature=00'),
    recordPath.replace(/&signature=.*/, ''),
    recordPath.replace(/\?.*/, ''),
    transcriptPath.replace('/transcripts/', '/recordings/').replace('.json', '.wav'),
    '/recordings/',
  ]) {
    const answer = await get(path)
    expect([path, answer.statusCode, answer.headers['content-type']]).toEqual([path, 403, 'text/plain; charset=utf-8'])
  }
})

test('a genuine signature opens nothing but the path of a call', () => {
  const key = Buffer.alloc(32, 7)
  const links = createSignedLinks(key)
  for (const path of ['/recordings/../../etc/passwd.wav', '/recordings/.wav', `/other/${someCallId}.wav`]) {
    const expires = String(wallAtStartMs / 1000 + 60)
    const text = `GET\n${path}\napp=1\nexpires=${expires}`
    const signature = createHmac('sha256', key).update(text).digest('hex')
    expect(links.open(path, new URLSearchParams({ app: '1', expires, signature }), wallAtStartMs)).toBeUndefined()
  }
})

test('an address ends after 24 hours', async () => {
  const { get, recordPath, clock } = await houseWithLinks()
  await clock.advance(86_399_000)
  expect((await get(recordPath)).statusCode).toBe(200)
  await clock.advance(1000)
  expect((await get(recordPath)).statusCode).toBe(403)
})

test('a file that is gone is 404, a store that fails 503 with the cause in the log', async () => {
  const { get, recordPath, recordings, logger } = await houseWithLinks()
  recordings.files.clear()
  expect((await get(recordPath)).statusCode).toBe(404)
  recordings.failure = new Error('disk on fire')
  expect((await get(recordPath)).statusCode).toBe(503)
  expect(logger.lines.join('\n')).toContain('disk on fire')
})

test('an empty recording is served as such', async () => {
  const { get, recordPath, recordings } = await houseWithLinks()
  recordings.files.set(`/recordings/${someCallId}.wav`, new Uint8Array())
  const answer = await get(recordPath)
  expect([answer.statusCode, answer.headers['content-length'], answer.rawPayload.length]).toEqual([200, '0', 0])
})

test('a transcript address gives the same array as the action', async () => {
  const { api, get, transcriptPath, records } = await houseWithLinks()
  records.lines.push({ role: 'user', text: '你好', fromMs: 10, toMs: 20 })
  const answer = await get(transcriptPath)
  expect(answer.statusCode).toBe(200)
  const action = await call(api, 'DescribeTelRecordAsr', { SdkAppId: appId, SessionId: someCallId })
  expect(answer.json()).toEqual(action.AsrDataList)
  expect(answer.json()).toHaveLength(1)
})

test('over a real socket ranges and large queries work and closing does not hang', async () => {
  const house = await houseWithLinks()
  const { port } = await house.api.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => house.api[Symbol.asyncDispose]())
  const origin = `http://127.0.0.1:${port}`
  const part = await fetch(origin + house.recordPath, { headers: { range: 'bytes=-300' } })
  expect(part.status).toBe(206)
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(700))).toBe(true)
  const head = await fetch(origin + house.recordPath, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe('1000')
  const long = await fetch(`${origin}/?Action=HangUpCall&Version=2020-02-10&Pad=${'x'.repeat(30_000)}`)
  expect([long.status, long.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await long.text()).toContain('AuthFailure.InvalidAuthorization')
})

test('a store that fails in the middle of a file breaks that download and nothing else', async () => {
  const house = await houseWithLinks()
  const { port } = await house.api.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => house.api[Symbol.asyncDispose]())
  let closed = 0
  house.recordings.read = async function* () {
    try {
      yield bytes.subarray(0, 100)
      throw new Error('disk on fire')
    } finally {
      closed += 1
    }
  }
  const url = `http://127.0.0.1:${port}${house.recordPath}`
  const body = fetch(url, { signal: AbortSignal.timeout(5000) }).then((answer) => answer.arrayBuffer())
  await expect(body).rejects.toThrow()
  expect(closed).toBe(1)
  expect(house.logger.lines.join('\n')).toContain('disk on fire')
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
})

test('a body over the limit is answered over a real socket too', async () => {
  const { api } = apiHouse()
  const { port } = await api.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => api[Symbol.asyncDispose]())
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: 'x'.repeat(11 * 1024 * 1024),
    headers,
  })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('RequestSizeLimitExceeded')
})

test('addresses carry the host the client used when none is configured', async () => {
  const house = apiHouse({ trustProxy: true })
  house.records.calls.push(finishedCall())
  const detail = async (headers: Record<string, string>) => {
    const range = { StartTimestamp: wallAtStartMs / 1000 - 86_400, EndTimestamp: wallAtStartMs / 1000 }
    const answer = await call(
      house.api,
      'DescribeSessionDetail',
      { SdkAppId: appId, SessionId: someCallId, ...range },
      headers,
    )
    return new URL(String(answer.RecordURL)).origin
  }
  expect(await detail({})).toBe('http://api.test')
  expect(await detail({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'edge.example' })).toBe(
    'https://edge.example',
  )
})
