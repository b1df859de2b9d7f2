import { applicationId, type CallErasure, callId } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, secretId, secretKey, someCallId } from './api-house.ts'

const none = { count: 0, calls: [] }

function house(result: Awaited<ReturnType<CallErasure['erase']>> = 'erased') {
  const asked: unknown[][] = []
  const erasure: CallErasure = {
    rules: async () => ({ recordingsDays: 30 }),
    due: async (...args) => {
      asked.push(['due', ...args])
      const due = { count: 1, calls: [{ callId: someCallId, endedAtMs: 1_750_000_000_000 }] }
      return { recordings: due, transcripts: none, journal: none, records: none }
    },
    erase: async (...args) => {
      asked.push(['erase', ...args])
      return result
    },
    erasePhone: async (...args) => {
      asked.push(['erasePhone', ...args])
      return { erased: 3, inProgress: 1 }
    },
  }
  const made = apiHouse({ erasure })
  made.records.calls.push(finishedCall())
  const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: unknown, user = `${secretId}:${secretKey}`) =>
    made.api.server.inject({
      method,
      url,
      headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}`, 'content-type': 'application/json' },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    })
  return { ...made, asked, send }
}

test('a call is erased by its id; one in progress is refused, one of nobody or another is not there', async () => {
  const { send, asked } = house()
  expect((await send('DELETE', `/v1/calls/${someCallId}`)).statusCode).toBe(204)
  expect(asked).toEqual([['erase', applicationId(appId), someCallId]])
  expect((await send('DELETE', `/v1/calls/${callId('4fa85f64-5717-4562-b3fc-2c963f66afa6')}`)).statusCode).toBe(404)
  expect((await send('DELETE', `/v1/calls/${someCallId}`, undefined, 'a:b')).statusCode).toBe(401)
  expect((await house('inProgress').send('DELETE', `/v1/calls/${someCallId}`)).statusCode).toBe(409)
})

test('everything of a number is erased, and the number is not in the log', async () => {
  const { send, asked, logger } = house()
  const answer = await send('POST', '/v1/erasures', { phone: '+49 170 555' })
  expect([answer.statusCode, answer.json()]).toEqual([200, { erased: 3, inProgress: 1 }])
  expect(asked).toEqual([['erasePhone', applicationId(appId), '+49 170 555']])
  expect(logger.lines.join('\n')).not.toContain('170')
  for (const body of [{ phone: '' }, { phone: 'everybody' }, { phone: '%' }, {}, { phone: '+491', all: true }]) {
    expect((await send('POST', '/v1/erasures', body)).statusCode).toBe(400)
  }
  expect((await send('POST', '/v1/erasures', { phone: '+49 170 555', sdkAppId: 5 })).statusCode).toBe(404)
  expect(asked).toHaveLength(1)
})

test('rules can be tried out: what would go is listed', async () => {
  const { send, asked } = house()
  const answer = await send('GET', '/v1/retention?recordsDays=365')
  expect(answer.json()).toEqual({
    sdkAppId: appId,
    rules: { recordingsDays: 30, recordsDays: 365 },
    due: {
      recordings: { count: 1, calls: [{ id: someCallId, endedAt: new Date(1_750_000_000_000).toISOString() }] },
      transcripts: none,
      journal: none,
      records: none,
    },
  })
  expect(asked).toEqual([['due', applicationId(appId), { recordingsDays: 30, recordsDays: 365 }, 100]])
  expect((await send('GET', '/v1/retention?recordsDays=0')).statusCode).toBe(400)
})
