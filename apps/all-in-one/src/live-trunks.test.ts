import { applicationId, type RunTimeTrunk, silentLogger } from '@parley/core'
import { readTrunk } from '@parley/runtime'
import { expect, test } from 'vitest'
import { LiveTrunks } from './live-trunks.ts'

function runTime(name: string, stamp = '1.1', host = 'sip.test'): RunTimeTrunk {
  const result = readTrunk({ gateways: [{ host }] }, true)
  if (!('settings' in result)) throw new Error('the trunk of the test is wrong')
  const numbers = [{ number: '+1555', settings: { inbound: true, outbound: true } }]
  return { name, applicationId: applicationId(1), stamp, settings: result.settings, numbers }
}

/** Signalling that refuses trunks named `bad`. */
function signalling() {
  const sets: (readonly { readonly name: string }[])[] = []
  return {
    sets,
    async replaceTrunks(trunks: readonly { readonly name: string }[]) {
      if (trunks.some(({ name }) => name === 'bad')) throw new Error('refused')
      sets.push(trunks)
    },
  }
}

test('a trunk that did not change stays the same object, and nothing new means no word to signalling', async () => {
  const [trunks, sip] = [new LiveTrunks([], silentLogger), signalling()]
  await trunks.apply({ trunks: [runTime('a'), runTime('b')], disabled: [], switchedOff: [], callIn: [] }, sip)
  await trunks.apply({ trunks: [runTime('a'), runTime('b')], disabled: [], switchedOff: [], callIn: [] }, sip)
  await trunks.apply({ trunks: [runTime('a'), runTime('b', '1.2')], disabled: [], switchedOff: [], callIn: [] }, sip)
  expect(sip.sets).toHaveLength(2)
  expect(sip.sets[0]?.[0]).toBe(sip.sets[1]?.[0])
  expect(sip.sets[0]?.[1]).not.toBe(sip.sets[1]?.[1])
  expect(trunks.find('a')).toMatchObject({ owner: 1, sdkAppIds: [1], numbers: [{ number: '+1555' }] })
})

test('one that signalling refuses does not keep the others out', async () => {
  const [trunks, sip] = [new LiveTrunks([], silentLogger), signalling()]
  await trunks.apply(
    { trunks: [runTime('a'), runTime('bad'), runTime('c')], disabled: [], switchedOff: [], callIn: [] },
    sip,
  )
  expect(sip.sets.at(-1)?.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(trunks.find('bad')).toBeUndefined()
  expect(trunks.refused).toEqual(['bad'])
  await trunks.apply({ trunks: [runTime('a')], disabled: [], switchedOff: [], callIn: [] }, sip)
  expect(trunks.refused).toEqual([])
})

const never = new AbortController().signal
const nothing = { trunks: [], disabled: [], switchedOff: [], callIn: [] }

/** Whether it is settled once everything that is due has run. */
async function isSettled(waiting: Promise<void>): Promise<boolean> {
  let settled = false
  void waiting.then(() => {
    settled = true
  })
  for (let round = 0; round < 10; round += 1) await Promise.resolve()
  return settled
}

test('a call on a trunk that is not known yet waits for news of it, which may be the second', async () => {
  const trunks = new LiveTrunks([], silentLogger)
  const waiting = trunks.known('a', never)
  expect(await isSettled(waiting)).toBe(false)
  await trunks.apply(nothing, signalling())
  expect(await isSettled(waiting)).toBe(false)
  await trunks.apply({ ...nothing, trunks: [runTime('a')] }, signalling())
  await waiting
  await trunks.known('a', never)
})

test('a call on a trunk that is gone waits for two news, and not on when nobody brings any', async () => {
  const trunks = new LiveTrunks([], silentLogger)
  const gone = trunks.known('a', never)
  await trunks.apply(nothing, signalling())
  const failing = { replaceTrunks: async () => Promise.reject(new Error('no socket')) }
  await expect(trunks.apply({ ...nothing, trunks: [runTime('a')] }, failing)).rejects.toThrow('no socket')
  await gone
  const stop = new AbortController()
  const waiting = trunks.known('a', stop.signal)
  expect(await isSettled(waiting)).toBe(false)
  stop.abort()
  await waiting
})
