import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { readiness } from './readiness.ts'

const sound = {
  clock: new VirtualClock(),
  isDraining: () => false,
  gateways: () => [{ trunk: 'a', isUp: true }],
  pingDatabase: async () => {},
}

test('an engine whose database answers is ready', async () => {
  expect(await readiness(sound)).toEqual({ problems: [], warnings: [] })
})

test('a draining engine and one without database are not ready, and say why', async () => {
  const pingDatabase = () => Promise.reject(new Error('refused'))
  expect((await readiness({ ...sound, isDraining: () => true, pingDatabase })).problems).toEqual([
    'draining: no further calls are taken',
    'the database does not answer',
  ])
})

test('a database that never answers is waited for two seconds', async () => {
  const clock = new VirtualClock()
  const asked = readiness({ ...sound, clock, pingDatabase: () => new Promise(() => {}) })
  await clock.advance(1_900)
  expect(clock.pendingTimers).toBe(1)
  await clock.advance(100)
  expect((await asked).problems).toEqual(['the database does not answer'])
})

test('a trunk without a gateway that is up is a warning: the others take calls', async () => {
  const gateways = () => [
    { trunk: 'a', isUp: false },
    { trunk: 'a', isUp: true },
    { trunk: 'b', isUp: false },
  ]
  expect(await readiness({ ...sound, gateways })).toEqual({
    problems: [],
    warnings: ['no gateway is up for 1 of 2 trunks'],
  })
})
