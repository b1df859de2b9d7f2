import { expect, test } from 'vitest'
import { apiHouse, minimalCall, someCallId } from './api-house.ts'
import { call } from './signed-inject.ts'

const withKey = (key: string) => ({ 'x-idempotency-key': key })

test('a key and a digest of the parameters reach the intake; the order of members does not matter', async () => {
  const { api, intake } = apiHouse()
  const reversed = Object.fromEntries(Object.entries(minimalCall).toReversed())
  await call(api, 'CreateAICall', minimalCall, withKey('order-4711'))
  await call(api, 'CreateAICall', reversed, withKey(' order-4711 '))
  await call(api, 'CreateAICall', { ...minimalCall, Temperature: 1 }, withKey('order-4711'))
  const [first, second, third] = intake.calls.map(({ idempotency }) => idempotency)
  expect(first).toEqual({ key: 'order-4711', digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(second).toEqual(first)
  expect(third?.digest).not.toBe(first?.digest)
})

test('the constant that the Go SDK sends with every request is no key', async () => {
  const { api, intake } = apiHouse()
  await call(api, 'CreateAICall', minimalCall, withKey('x'))
  await call(api, 'CreateAICall', minimalCall)
  expect(intake.calls.map(({ idempotency }) => idempotency)).toEqual([undefined, undefined])
})

test('a repetition is answered with the first call, a different request under the key is refused', async () => {
  const { api, intake } = apiHouse()
  intake.answer = { kind: 'accepted', repeats: someCallId }
  const answer = await call(api, 'CreateAICall', minimalCall, withKey('order-4711'))
  expect(answer.SessionId).toBe(someCallId)
  intake.answer = { kind: 'refused', reason: 'keyReused' }
  const { Error: error } = await call(api, 'CreateAICall', minimalCall, withKey('order-4711'))
  expect(error).toMatchObject({ Code: 'InvalidParameter', Message: expect.stringContaining('X-Idempotency-Key') })
})

test.each(['two words here', 'é'.repeat(10), 'k'.repeat(256)])('the key %j is refused', async (key) => {
  const { api, intake } = apiHouse()
  const { Error: error } = await call(api, 'CreateAICall', minimalCall, withKey(key))
  expect(error?.Code).toBe('InvalidParameter')
  expect(intake.calls).toEqual([])
})
