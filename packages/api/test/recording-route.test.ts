import { VoiceError } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, finishedCall, secretId, secretKey, someCallId } from './api-house.ts'

function houseWithCall() {
  const house = apiHouse()
  house.records.calls.push(finishedCall({ state: 'answered' }))
  const post = (body: unknown, user = `${secretId}:${secretKey}`, id: string = someCallId) =>
    house.api.server.inject({
      method: 'POST',
      url: `/v1/calls/${id}/recording`,
      headers: { authorization: `Basic ${btoa(user)}`, 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    })
  return { house, post }
}

test('recording of a live call is paused and resumed', async () => {
  const { house, post } = houseWithCall()
  expect((await post({ action: 'pause' })).statusCode).toBe(204)
  expect((await post({ action: 'resume' })).statusCode).toBe(204)
  expect(house.control.paused).toEqual([
    { callId: someCallId, paused: true },
    { callId: someCallId, paused: false },
  ])
})

test('anything else is refused: other actions, strangers, unknown calls, calls that are not up', async () => {
  const { house, post } = houseWithCall()
  for (const body of [{}, { action: 'stop' }, { action: 'pause', more: 1 }, []]) {
    expect((await post(body)).statusCode).toBe(400)
  }
  expect((await post({ action: 'pause' }, 'nobody:x')).statusCode).toBe(401)
  expect((await post({ action: 'pause' }, undefined, '00000000-0000-4000-8000-000000000000')).statusCode).toBe(404)
  house.control.failure = new VoiceError('CALL_NOT_CONTROLLABLE')
  expect((await post({ action: 'pause' })).statusCode).toBe(409)
  house.control.failure = new VoiceError('INTERNAL')
  expect((await post({ action: 'pause' })).statusCode).toBe(503)
  expect(house.control.paused).toEqual([])
})
