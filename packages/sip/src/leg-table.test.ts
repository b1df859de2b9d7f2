import { type LegEvent, legId } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { LegTable } from './leg-table.ts'
import type { LegCall } from './sip-stack.ts'

const call = {} as LegCall
const [leg, other] = [legId('leg'), legId('other')]
const bye: LegEvent = { type: 'bye' }

async function read(events: AsyncIterable<LegEvent>) {
  const all: LegEvent['type'][] = []
  for await (const { type } of events) all.push(type)
  return all
}

test('a leg that ends gives back its place, and its events wait 32 s for a reader', async () => {
  const clock = new VirtualClock()
  const legs = new LegTable(clock, undefined)
  let places = 2
  const place = {
    [Symbol.dispose]() {
      places -= 1
    },
  }
  for (const id of [leg, other]) {
    legs.add(id, { call, place, isRead: false })
    legs.deliver(id, { type: 'ringing', status: 180 })
    expect(legs.deliver(id, bye)).toBe(true)
    expect(legs.deliver(id, bye)).toBe(false)
  }
  expect([legs.size, places]).toEqual([0, 0])
  expect(await read(legs.events(leg))).toEqual(['ringing', 'bye'])
  expect(await read(legs.events(leg))).toEqual([])
  await clock.advance(32_000)
  expect(await read(legs.events(other))).toEqual([])
})

test('nothing is kept of a leg whose events are read, or that ended without one', async () => {
  const legs = new LegTable(new VirtualClock(), undefined)
  const events = legs.add(leg, { call, isRead: true })
  legs.deliver(leg, bye)
  expect(await read(events)).toEqual(['bye'])
  legs.add(other, { call, isRead: false })
  legs.remove(other)
  expect(await read(legs.events(leg))).toEqual([])
  expect(await read(legs.events(other))).toEqual([])
})
