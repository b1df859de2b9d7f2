import { VoiceError } from '@parley/core'
import { settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import { apiHouse, appId, minimalCall, secretKey, someCallId } from './api-house.ts'
import { type ApiResponse, call, callByGet, tc3Headers } from './signed-inject.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const session = { SdkAppId: appId, SessionId: someCallId }

test('answers are 200 with a bare JSON content type, a request id and the trace id', async () => {
  const { api } = apiHouse()
  for (const [parameters, fails] of [
    [minimalCall, false],
    [{}, true],
  ] as const) {
    const body = JSON.stringify(parameters)
    const headers = tc3Headers('CreateAICall', body, { 'x-tc-traceid': 'trace-1' })
    const answer = await api.server.inject({ method: 'POST', url: '/', payload: body, headers })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.headers['x-tc-traceid']).toBe('trace-1')
    const { Response } = answer.json<{ Response: ApiResponse }>()
    expect(Response.RequestId).toMatch(uuid)
    expect('Error' in Response).toBe(fails)
  }
})

test('a trace id that is no plain text is not echoed', async () => {
  const { api } = apiHouse()
  const answer = await api.server.inject({ method: 'GET', url: '/', headers: { 'x-tc-traceid': 'a b\u00ff' } })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['x-tc-traceid']).toBeUndefined()
})

test.each([
  ['no action', { 'x-tc-action': '' }, 'MissingParameter'],
  [
    'an unknown action before all else',
    { 'x-tc-action': 'Nope', 'x-tc-version': 'x', authorization: '' },
    'InvalidAction',
  ],
  ['an action of the wrong case', { 'x-tc-action': 'createAICall' }, 'InvalidAction'],
  ['a wrong version before the signature', { 'x-tc-version': '2017-03-12', authorization: 'x' }, 'NoSuchVersion'],
  ['no version', { 'x-tc-version': '' }, 'MissingParameter'],
  ['a malformed signature', { authorization: 'x' }, 'AuthFailure.InvalidAuthorization'],
  ['a skipped signature', { authorization: 'SKIP' }, 'AuthFailure.InvalidAuthorization'],
  ['no timestamp', { 'x-tc-timestamp': '' }, 'AuthFailure.SignatureExpire'],
  ['a timestamp that is no number', { 'x-tc-timestamp': 'now' }, 'AuthFailure.SignatureExpire'],
  ['a wrong signature before the parameters', { 'content-type': 'text/plain' }, 'AuthFailure.SignatureFailure'],
])('%s is told first', async (_case, headers, code) => {
  const { api } = apiHouse()
  expect((await call(api, 'CreateAICall', {}, headers)).Error?.Code).toBe(code)
})

test('a request without any signature is refused', async () => {
  const { api } = apiHouse()
  const headers = { 'x-tc-action': 'HangUpCall', 'x-tc-version': '2020-02-10', 'content-type': 'application/json' }
  const answer = await api.server.inject({ method: 'POST', url: '/', payload: JSON.stringify(session), headers })
  expect(answer.json()).toMatchObject({ Response: { Error: { Code: 'AuthFailure.InvalidAuthorization' } } })
})

test.each(['{', '[]', 'null', '"x"', '1', '{"a":1}}', '['.repeat(100_000), `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`])(
  'the body %.20s is not a JSON object: InvalidParameter',
  async (body) => {
    const { api } = apiHouse()
    expect((await call(api, 'HangUpCall', body)).Error?.Code).toBe('InvalidParameter')
  },
)

test('a signature made for another day than the timestamp is refused', async () => {
  const { api } = apiHouse()
  const body = JSON.stringify(session)
  const codeOn = async (date?: string) => {
    const headers = tc3Headers('HangUpCall', body, {}, { ...(date && { date }) })
    const answer = await api.server.inject({ method: 'POST', url: '/', payload: body, headers })
    return answer.json<{ Response: ApiResponse }>().Response.Error?.Code
  }
  expect(await codeOn()).toBe('FailedOperation.SessionNotExists')
  expect(await codeOn('2025-06-16')).toBe('AuthFailure.SignatureFailure')
})

test('an empty body is an empty object', async () => {
  const { api } = apiHouse()
  expect((await call(api, 'HangUpCall', '')).Error?.Code).toBe('MissingParameter')
})

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const)('%s is answered with 200', async (method) => {
  const { api } = apiHouse()
  const answer = await api.server.inject({ method, url: '/' })
  expect(answer.statusCode).toBe(200)
  if (method !== 'HEAD') expect(answer.body).toContain('UnsupportedProtocol')
})

test.each([
  'text/plain',
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
])('a signed body of type %s is UnsupportedProtocol', async (contentType) => {
  const { api } = apiHouse()
  const headers = tc3Headers('HangUpCall', 'a=b', {}, { contentType })
  const answer = await api.server.inject({ method: 'POST', url: '/', payload: 'a=b', headers })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({ Response: { Error: { Code: 'UnsupportedProtocol' } } })
})

test('requests over the documented sizes are refused', async () => {
  const { api } = apiHouse()
  const big = await call(api, 'HangUpCall', JSON.stringify({ ...session, Pad: 'x'.repeat(10 * 1024 * 1024) }))
  expect(big.Error?.Code).toBe('RequestSizeLimitExceeded')
  const long = await callByGet(api, 'HangUpCall', `SdkAppId=${appId}&Pad=${'x'.repeat(32 * 1024)}`)
  expect(long.Error?.Code).toBe('RequestSizeLimitExceeded')
  const form = await api.server.inject({
    method: 'POST',
    url: '/',
    payload: `Action=HangUpCall&Pad=${'x'.repeat(1024 * 1024)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(form.json()).toMatchObject({ Response: { Error: { Code: 'RequestSizeLimitExceeded' } } })
})

test('actions that are not performed say so after the signature', async () => {
  const { api } = apiHouse()
  expect((await call(api, 'CreateUserSig', {})).Error).toMatchObject({
    Code: 'UnsupportedOperation',
    Message: expect.stringContaining('human seats'),
  })
  expect((await call(api, 'CreateUserSig', {}, { authorization: 'x' })).Error?.Code).toMatch(/^AuthFailure/)
})

test('a handler that does not finish is answered within the SDK time-out', async () => {
  const { api, intake, clock, logger } = apiHouse()
  intake.answer = 'never'
  const pending = call(api, 'CreateAICall', minimalCall)
  for (let round = 0; round < 20 && intake.calls.length === 0; round += 1) await settle()
  await clock.advance(55_000)
  expect((await pending).Error?.Code).toBe('InternalError')
  expect(logger.lines.join('\n')).toContain('did not finish in time')
  expect(clock.pendingTimers).toBe(0)
})

test('a finished handler leaves no timer behind', async () => {
  const { api, clock } = apiHouse()
  await call(api, 'CreateAICall', minimalCall)
  expect(clock.pendingTimers).toBe(0)
})

test.each([
  [new VoiceError('STORE_FAILED'), 'InternalError.DBError'],
  [new VoiceError('SHUTDOWN'), 'ServiceUnavailable'],
  [new VoiceError('RESOURCE_EXHAUSTED'), 'FailedOperation.AcquireQuota'],
  [new VoiceError('INTERNAL', { detail: 'pump broke' }), 'InternalError'],
  [new TypeError('x is undefined'), 'InternalError'],
])('%s is answered with %s and its cause is logged', async (failure, code) => {
  const { api, intake, logger } = apiHouse()
  intake.answer = failure
  const answer = await call(api, 'CreateAICall', minimalCall)
  expect(answer.Error?.Code).toBe(code)
  expect(answer.Error?.Message).not.toContain(failure.message)
  expect(logger.lines.find((line) => line.startsWith('error'))).toContain(failure.message)
})

test('secrets are in no log line, even when an error quotes them', async () => {
  const { api, intake, records, logger } = apiHouse()
  const tts = '{"TTSType":"custom","APIKey":"tts-secret-key","APIUrl":"http://127.0.0.1/"}'
  intake.answer = new Error(`cannot store sk-very-secret-key and ${secretKey}`, {
    cause: new Error('tts-secret-key and extra-secret'),
  })
  const parameters = { ...minimalCall, CustomTTSConfig: tts, LLMExtraBody: '{"key":"extra-secret"}' }
  await call(api, 'CreateAICall', parameters)
  await call(api, 'CreateAICall', { ...parameters, VadSilenceTime: 1 })
  await call(api, 'CreateAICall', JSON.stringify(parameters).slice(0, -1))
  await call(api, 'CreateAICall', parameters, { authorization: `TC3 ${secretKey}` })
  await callByGet(api, 'CreateAICall', 'APIKey=sk-very-secret-key&sk-very-secret-key=1')
  records.failure = new Error('down')
  await call(api, 'HangUpCall', session)
  const log = logger.lines.join('\n')
  expect(log).toContain('cannot store [secret] and [secret]')
  for (const secret of ['sk-very-secret-key', secretKey, 'tts-secret-key', 'extra-secret']) {
    expect(log).not.toContain(secret)
  }
})

test('phone numbers and texts are in no log line outside pii fields', async () => {
  const { api, logger } = apiHouse()
  await call(api, 'CreateAICall', { ...minimalCall, SystemPrompt: 'private prompt' })
  expect(logger.lines.join('\n')).not.toMatch(/13000000000|private prompt/)
})

test.each(['/healthz', '/readyz'])('%s is 200 when the server serves', async (url) => {
  const { api } = apiHouse()
  expect((await api.server.inject({ url })).statusCode).toBe(200)
})

test('readiness is 503 when the engine says no or fails to say', async () => {
  const draining = { problems: ['draining'], warnings: ['a trunk is down'] }
  const failed = { problems: ['the check failed'], warnings: [] }
  for (const [readiness, told] of [
    [async () => draining, draining],
    [() => Promise.reject(new Error('x')), failed],
  ] as const) {
    const { api } = apiHouse({ readiness })
    const answer = await api.server.inject({ url: '/readyz' })
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'not ready', ...told }])
    expect((await api.server.inject({ url: '/healthz' })).statusCode).toBe(200)
  }
})

test('the log says why readiness could not be told', async () => {
  const { api, logger } = apiHouse({ readiness: () => Promise.reject(new Error('the pool is closed')) })
  await api.server.inject({ url: '/readyz' })
  expect(logger.lines.join()).toContain('the pool is closed')
})

test('a signing key that is too short and a public address that is none are refused', () => {
  expect(() => apiHouse({ urlSigningKey: new Uint8Array(8) })).toThrow('urlSigningKey')
  expect(() => apiHouse({ publicUrl: 'calls' })).toThrow('publicUrl')
})
