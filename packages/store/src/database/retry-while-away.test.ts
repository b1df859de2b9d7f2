import { VoiceError } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { guarded } from './connect.ts'
import { retryWhileAway } from './retry-while-away.ts'

const refused = Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' })
const wrong = Object.assign(new Error('syntax error'), { code: '42601' })

/** Fails so many times, then answers how often it was asked. */
function failing(times: number, error: unknown): () => Promise<number> {
  let asked = 0
  return async () => {
    asked += 1
    if (asked <= times) throw error
    return asked
  }
}

test('a database that is away is asked again until it is back, also behind a port that has its own errors', async () => {
  const clock = new VirtualClock()
  const direct = retryWhileAway(failing(3, refused), clock, 1_000)
  const port = failing(3, refused)
  const guardedToo = retryWhileAway(() => guarded(port), clock, 1_000)
  await clock.advance(600)
  expect(await Promise.all([direct, guardedToo])).toEqual([4, 4])
})

test('when the time is over its error is told', async () => {
  const clock = new VirtualClock()
  const asked = expect(retryWhileAway(failing(100, refused), clock, 1_000)).rejects.toBe(refused)
  await clock.advance(1_000)
  await asked
})

test.each([wrong, new VoiceError('STORE_FAILED', { cause: wrong }), new VoiceError('STORE_FAILED')])(
  'what waiting does not mend is told at once',
  async (error) => {
    await expect(retryWhileAway(failing(1, error), new VirtualClock(), 1_000)).rejects.toBe(error)
  },
)
