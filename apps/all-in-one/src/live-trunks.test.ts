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
  await trunks.apply({ trunks: [runTime('a'), runTime('b')], disabled: [] }, sip)
  await trunks.apply({ trunks: [runTime('a'), runTime('b')], disabled: [] }, sip)
  await trunks.apply({ trunks: [runTime('a'), runTime('b', '1.2')], disabled: [] }, sip)
  expect(sip.sets).toHaveLength(2)
  expect(sip.sets[0]?.[0]).toBe(sip.sets[1]?.[0])
  expect(sip.sets[0]?.[1]).not.toBe(sip.sets[1]?.[1])
  expect(trunks.find('a')).toMatchObject({ owner: 1, sdkAppIds: [1], numbers: [{ number: '+1555' }] })
})

test('one that signalling refuses does not keep the others out', async () => {
  const [trunks, sip] = [new LiveTrunks([], silentLogger), signalling()]
  await trunks.apply({ trunks: [runTime('a'), runTime('bad'), runTime('c')], disabled: [] }, sip)
  expect(sip.sets.at(-1)?.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(trunks.find('bad')).toBeUndefined()
})

test('a call on a trunk that is not known yet waits for the next news', async () => {
  const trunks = new LiveTrunks([], silentLogger)
  let isKnown = false
  const waiting = trunks.known('a').then(() => {
    isKnown = true
  })
  await Promise.resolve()
  expect(isKnown).toBe(false)
  await trunks.apply({ trunks: [runTime('a')], disabled: [] }, signalling())
  await waiting
  await trunks.known('a')
})
