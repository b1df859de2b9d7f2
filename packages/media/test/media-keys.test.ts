import { type CodecName, generation, type MediaEngine, type MediaOptions } from '@parley/core'
import { createInThreadMediaEngine } from '@parley/media'
import { systemClock } from '@parley/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { telephoneClip } from './clips.ts'
import { until } from './rtp-peer.ts'
import { connectPair, type StreamPair } from './stream-pair.ts'
import { basics, collect } from './stream-watch.ts'

const keys = '1*0#5D'

/** An offer without telephone events. */
const withoutEvents = (offer: string) => offer.replace(/ 10[12]\b/g, '').replace(/a=(rtpmap|fmtp):10[12].*\r\n/g, '')

const keysOf = ({ farLog }: StreamPair) => farLog.seen.flatMap((event) => (event.type === 'dtmf' ? [event.key] : []))
const signalledBy = ({ nearLog }: StreamPair) => nearLog.seen.filter((event) => event.type === 'dtmf.signal')

async function waitFor(condition: () => boolean, withinMs = 4000): Promise<void> {
  const deadlineMs = systemClock.nowMs() + withinMs
  while (!condition() && systemClock.nowMs() < deadlineMs) await until(systemClock.nowMs() + 10)
}

// Real time on a shared machine: a burst of foreign load may cost one attempt.
describe.concurrent('keys between two streams', { retry: 2 }, () => {
  let one: MediaEngine
  let other: MediaEngine

  beforeAll(async () => {
    const options = { ...basics, rtpTimeoutMs: 5000, voiceDetection: 'energy' } as const
    one = await createInThreadMediaEngine({ ...options, rtpPorts: { min: 22_400, max: 22_499 } })
    other = await createInThreadMediaEngine({ ...options, rtpPorts: { min: 22_500, max: 22_599 } })
  })
  afterAll(async () => {
    await one[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
  })

  const connect = (near: Partial<MediaOptions>, far: Partial<MediaOptions> = near, edit?: (offer: string) => string) =>
    connectPair(one, near, far, edit, other)

  const codecs: readonly CodecName[] = ['PCMA', 'G722', 'opus']
  test.each(codecs.flatMap((codec) => [20, 60].map((ptimeMs) => [codec, ptimeMs] as const)))(
    'keys as events beside %s in packets of %i ms are heard once each, and not as sound',
    async (codec, ptimeMs) => {
      await using pair = await connect({ codecs: [codec], ptimeMs })
      const reading = collect(pair.far)
      pair.near.sendDtmf(keys)
      await waitFor(() => keysOf(pair).length === keys.length)
      await until(systemClock.nowMs() + 300)
      expect(keysOf(pair).join('')).toBe(keys)
      for (const event of pair.farLog.seen)
        if (event.type === 'dtmf') expect(Math.abs(event.durationMs - 100)).toBeLessThanOrEqual(20)
      expect(signalledBy(pair)).toEqual([])
      await pair[Symbol.asyncDispose]()
      const { samples } = await reading
      expect(samples.some((sample) => Math.abs(sample) > 300)).toBe(false)
    },
  )

  test.each(codecs)(
    'tones among %s are heard where there are no events, and kept from the recogniser',
    async (codec) => {
      await using pair = await connect({ codecs: [codec], dtmf: 'inband' }, { codecs: [codec] }, withoutEvents)
      const reading = collect(pair.far)
      pair.near.sendDtmf(keys)
      await waitFor(() => keysOf(pair).length === keys.length)
      await until(systemClock.nowMs() + 300)
      expect(keysOf(pair).join('')).toBe(keys)
      await pair[Symbol.asyncDispose]()
      const { samples } = await reading
      // Of 600 ms of tones some ms at their edges are left.
      expect(samples.filter((sample) => Math.abs(sample) > 1000).length / 8).toBeLessThan(90)
    },
  )

  test('tones are no keys where events were agreed on: a key that comes both ways is pressed once', async () => {
    await using pair = await connect({ codecs: ['PCMA'], dtmf: 'inband' }, { codecs: ['PCMA'] })
    pair.near.sendDtmf('123')
    await until(systemClock.nowMs() + 900)
    expect(keysOf(pair)).toEqual([])
  })

  test.each<[string, Partial<MediaOptions>, ((offer: string) => string) | undefined]>([
    ['the peer takes no events', {}, withoutEvents],
    ['the trunk says so', { dtmf: 'info' }, undefined],
  ])('keys go to signalling where %s, one after the other', async (_name, options, edit) => {
    await using pair = await connect({ codecs: ['PCMA'], ...options }, { codecs: ['PCMA'] }, edit)
    pair.near.sendDtmf('4x2')
    await waitFor(() => signalledBy(pair).length === 2)
    const [first, second] = signalledBy(pair)
    expect([first, second]).toMatchObject([{ key: '4', durationMs: 100 }, { key: '2' }])
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(245)
    expect(keysOf(pair)).toEqual([])
  })

  test('keys as tones interrupt speech, which goes on whole after them', async () => {
    await using pair = await connect({ codecs: ['PCMA'], dtmf: 'inband' }, { codecs: ['PCMA'] }, withoutEvents)
    const g = generation(1)
    const clip = telephoneClip('asterisk8k-en-queue-thankyou').subarray(0, 8000)
    pair.near.playout.begin(g)
    pair.near.playout.write(g, clip)
    pair.near.playout.end(g)
    await until(systemClock.nowMs() + 300)
    pair.near.sendDtmf('7')
    const finished = await pair.nearLog.next('playout.finished')
    expect(finished.playedSamples).toBe(8000)
    await waitFor(() => keysOf(pair).length === 1)
    expect(keysOf(pair)).toEqual(['7'])
  })
})
