import { VoiceError } from '@parley/core'
import { expect, test } from 'vitest'
import { apiHouse, finishedCall, secretId, secretKey, someCallId } from './api-house.ts'

function houseWithCall() {
  const house = apiHouse()
  house.records.calls.push(finishedCall({ state: 'answered' }))
  const post = (body: unknown, user = `${secretId}:${secretKey}`, id: string = someCallId) =>
    house.api.server.inject({
      method: 'POST',
      url: `/v1/calls/${id}/keys`,
      headers: { authorization: `Basic ${btoa(user)}`, 'content-type': 'application/json' },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { house, post }
}

test('keys are pressed to the other side of a live call', async () => {
  const { house, post } = houseWithCall()
  expect((await post({ keys: '12*#' })).statusCode).toBe(204)
  expect(house.control.pressed).toEqual([{ callId: someCallId, keys: '12*#' }])
})

test.each([
  [{ keys: '' }, 'keys: must be 1 to 32'],
  [{ keys: '12x' }, 'keys: must be 1 to 32'],
  [{}, 'keys: is missing'],
  [{ keys: '1', more: 1 }, 'more: is not known'],
  ['nonsense', 'body: must be JSON'],
])('%j is refused with what is wrong', async (body, detail) => {
  const { house, post } = houseWithCall()
  const answer = await post(body)
  expect(answer.statusCode).toBe(400)
  expect(answer.json().title).toContain(detail)
  expect(house.control.pressed).toEqual([])
})

test('strangers, unknown calls and calls that are over get nothing', async () => {
  const { house, post } = houseWithCall()
  expect((await post({ keys: '1' }, 'nobody:x')).statusCode).toBe(401)
  expect((await post({ keys: '1' }, undefined, '00000000-0000-4000-8000-000000000000')).statusCode).toBe(404)
  house.control.failure = new VoiceError('CALL_NOT_FOUND')
  expect((await post({ keys: '1' })).statusCode).toBe(409)
})
