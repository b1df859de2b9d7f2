import { applicationId, callId, Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, secretId, secretKey, someCallId } from './api-house.ts'

const invite = 'INVITE sip:100@carrier SIP/2.0\nCSeq: 1 INVITE\nCall-ID: x'
const busy = 'SIP/2.0 486 Busy Here\nCSeq: 1 INVITE\nCall-ID: x'
const peer = 'udp:192.0.2.1:5060'

function houseWithCall() {
  const house = apiHouse({
    applications: [
      { applicationId: applicationId(appId), keys: [{ secretId, secretKey: new Secret(secretKey) }] },
      { applicationId: applicationId(7), keys: [{ secretId: 'other', secretKey: new Secret('other-key') }] },
    ],
  })
  house.records.calls.push(finishedCall())
  house.records.journal.push({
    callId: someCallId,
    seq: 1,
    wallMs: 0,
    body: {
      type: 'signalling.messages',
      messages: [
        { wallMs: 1_000, sent: true, peer, text: invite },
        { wallMs: 1_042, sent: false, peer, text: busy },
      ],
    },
  })
  const get = (path: string, user = `${secretId}:${secretKey}`) =>
    house.api.server.inject({
      url: path,
      headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
    })
  return { house, get }
}

test('the messages of a call are there for its application', async () => {
  const { get } = houseWithCall()
  const answer = await get(`/v1/calls/${someCallId}/sip`)
  expect(answer.statusCode).toBe(200)
  expect(answer.json().messages).toEqual([
    { time: '1970-01-01T00:00:01.000Z', direction: 'sent', peer, text: invite },
    { time: '1970-01-01T00:00:01.042Z', direction: 'received', peer, text: busy },
  ])
})

test('drawn, each message is an arrow with the time since the first', async () => {
  const { get } = houseWithCall()
  const [first, second] = (await get(`/v1/calls/${someCallId}/sip?format=text`)).body.split('\n')
  expect(first).toMatch(/^ +0\.000 {2}Parley \|-+1 INVITE-+>\| udp:192\.0\.2\.1:5060$/)
  expect(second).toMatch(/^ +0\.042 {2}Parley \|<-+2 486 Busy Here \(INVITE\)-+\| udp:192\.0\.2\.1:5060$/)
})

test.each([
  ['no credentials', '', 401],
  ['a wrong key', `${secretId}:wrong`, 401],
  ['an unknown key', 'nobody:x', 401],
  ["another application's key", 'other:other-key', 404],
])('%s gets nothing', async (_name, user, status) => {
  const { get } = houseWithCall()
  const answer = await get(`/v1/calls/${someCallId}/sip`, user)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json'])
})

test('an unknown call and an unknown format are told apart', async () => {
  const { get } = houseWithCall()
  expect((await get(`/v1/calls/${callId('00000000-0000-4000-8000-000000000000')}/sip`)).statusCode).toBe(404)
  expect((await get(`/v1/calls/nonsense/sip`)).statusCode).toBe(404)
  expect((await get(`/v1/calls/${someCallId}/sip?format=pdf`)).statusCode).toBe(400)
})
