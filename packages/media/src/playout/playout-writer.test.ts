import { generation } from '@parley/core'
import { expect, test } from 'vitest'
import { PlayoutRing, playoutRingBytes } from '../worker/playout-ring.ts'
import { PlayoutWriter } from './playout-writer.ts'

test('a writer that was closed touches its memory no more, whatever its owner still says', () => {
  const memory = new SharedArrayBuffer(playoutRingBytes)
  let woken = 0
  const writer = new PlayoutWriter(new PlayoutRing(memory), () => {
    woken += 1
  })
  const g = generation(1)
  writer.begin(g)
  // More than the ring holds: the rest waits on this side.
  writer.write(g, new Int16Array(80_000).fill(3))
  writer.close()
  const before = new Uint8Array(memory).slice()
  const wokenBefore = woken
  writer.begin(generation(2))
  writer.write(g, new Int16Array(8000).fill(9))
  writer.write(generation(2), new Int16Array(8000).fill(9))
  writer.pause(g)
  writer.resume(g, 0)
  writer.duck(-18)
  writer.end(g)
  writer.flush(g)
  writer.refill()
  expect(Buffer.compare(new Uint8Array(memory), before)).toBe(0)
  expect(woken).toBe(wokenBefore)
})
