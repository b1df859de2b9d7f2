import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { responseSink } from './response-sink.ts'

/** A connection that takes nothing until told. */
function stalled() {
  const taken: (() => void)[] = []
  const stream = new Writable({ highWaterMark: 10, write: (_chunk, _encoding, done) => void taken.push(done) })
  const clock = new VirtualClock()
  const sink = responseSink(stream as unknown as ServerResponse, clock)
  return { stream, clock, sink, take: () => taken.shift()?.() }
}

test('a write waits until the connection has taken what was written', async () => {
  const { sink, take, clock } = stalled()
  expect(sink.isFree).toBe(true)
  let done = false
  const writing = sink.write('more than ten bytes').then(() => {
    done = true
  })
  await clock.advance(29_000)
  expect([done, sink.isFree]).toEqual([false, false])
  take()
  await writing
  expect([sink.isFree, clock.pendingTimers]).toEqual([true, 0])
})

test('a reader that takes nothing for half a minute is given up', async () => {
  const { sink, clock } = stalled()
  const writing = sink.write('more than ten bytes')
  const outcome = expect(writing).rejects.toThrow('takes nothing')
  await clock.advance(30_000)
  await outcome
})

test('a reader that leaves ends the write, and there is no writing afterwards', async () => {
  const { sink, stream, clock } = stalled()
  const writing = sink.write('more than ten bytes')
  stream.destroy()
  await expect(writing).rejects.toThrow('gone')
  await expect(sink.write('x')).rejects.toThrow('gone')
  expect(clock.pendingTimers).toBe(0)
})
