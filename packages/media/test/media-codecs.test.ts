import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CodecName, generation, type MediaEngine } from '@parley/core'
import { createInThreadMediaEngine } from '@parley/media'
import { systemClock } from '@parley/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWav } from './clips.ts'
import { powerDbAt, sine } from './codec-quality.ts'
import { until } from './rtp-peer.ts'
import { connectPair, onlyTypes, reoffer } from './stream-pair.ts'
import { basics, collect } from './stream-watch.ts'

const toneHz = 500
const amplitude = 8000
const levelDb = 20 * Math.log10(amplitude)

/** Blocks of 10 ms in which the tone is not as loud as it was sent, give or take 2 dB. */
function oddBlocks(samples: Int16Array): number[] {
  const odd: number[] = []
  for (let at = 0; at + 160 <= samples.length; at += 80) {
    const block = samples.subarray(at, at + 80)
    const rms = Math.sqrt(block.reduce((sum, sample) => sum + sample * sample, 0) / 80)
    if (Math.abs(20 * Math.log10(rms * Math.SQRT2 + 1) - levelDb) > 2) odd.push(at / 8)
  }
  return odd
}

/** The steepest step between two samples, relative to that of the tone. */
function steepest(samples: Int16Array): number {
  let most = 0
  for (let i = 1; i < samples.length; i += 1) {
    most = Math.max(most, Math.abs((samples[i] as number) - (samples[i - 1] as number)))
  }
  return most / (amplitude * 2 * Math.sin((Math.PI * toneHz) / 8000))
}

/** From where the tone is whole to where it ends. */
function toneIn(heard: readonly number[]): Int16Array {
  const isLoud = (sample: number) => Math.abs(sample) > amplitude / 2
  return Int16Array.from(heard.slice(heard.findIndex(isLoud) + 400, heard.findLastIndex(isLoud) - 400))
}

// Real time on a shared machine: a burst of foreign load may cost one attempt.
describe.concurrent('two streams', { retry: 2 }, () => {
  let engine: MediaEngine
  let folder: string

  beforeAll(async () => {
    engine = await createInThreadMediaEngine({
      ...basics,
      rtpTimeoutMs: 5000,
      voiceDetection: 'energy',
      rtpPorts: { min: 22_000, max: 22_399 },
    })
    folder = await mkdtemp(join(tmpdir(), 'parley-codecs-'))
  })
  afterAll(async () => {
    await engine[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const codecs: readonly CodecName[] = ['PCMA', 'PCMU', 'G722', 'opus']
  const lengths = [10, 20, 30, 40, 60]
  test.each(codecs.flatMap((codec) => lengths.map((ptimeMs) => [codec, ptimeMs] as const)))(
    'a tone through %s in packets of %i ms arrives whole',
    async (codec, ptimeMs) => {
      await using pair = await connectPair(engine, { codecs: [codec], ptimeMs })
      const reading = collect(pair.far)
      const g = generation(1)
      pair.near.playout.begin(g)
      pair.near.playout.write(g, sine(toneHz, 8000, amplitude))
      pair.near.playout.end(g)
      await pair.nearLog.next('playout.finished')
      await until(systemClock.nowMs() + 150)
      const statistics = await pair.far.statistics()
      await pair[Symbol.asyncDispose]()
      const tone = toneIn((await reading).samples)
      expect(tone.length).toBeGreaterThan(7000)
      expect(oddBlocks(tone)).toEqual([])
      expect(Math.abs(powerDbAt(tone, toneHz, 8000) - levelDb)).toBeLessThan(1)
      expect(statistics.packetsLost + statistics.packetsDiscarded).toBe(0)
      const sentMs = codec === 'opus' && ptimeMs === 30 ? 20 : ptimeMs
      expect(Math.abs(statistics.packetsReceived - 1150 / sentMs)).toBeLessThan(300 / sentMs)
      expect(statistics.jitterMs).toBeLessThan(15)
    },
  )

  const changes = [
    ['PCMA', 8, 'G.722', 9],
    ['G.722', 9, 'PCMU', 0],
    ['PCMA', 8, 'Opus', 96],
    ['Opus', 96, 'G.722', 9],
  ] as const
  test.each(changes)(
    'a re-offer in mid-tone from %s (%i) to %s (%i) is not heard and the recording goes on',
    async (_from, first, _to, second) => {
      const all = { codecs: ['PCMA', 'PCMU', 'G722', 'opus'] } as const
      const recordingPath = join(folder, `${first}-${second}.wav`)
      await using pair = await connectPair(engine, all, { ...all, recordingPath }, onlyTypes(first, 101, 102))
      const startedAtMs = systemClock.nowMs()
      const reading = collect(pair.far)
      const g = generation(1)
      pair.near.playout.begin(g)
      pair.near.playout.write(g, sine(toneHz, 12_000, amplitude))
      pair.near.playout.end(g)
      await until(systemClock.nowMs() + 700)
      await reoffer(pair.far, pair.near, onlyTypes(second, 101, 102))
      await pair.nearLog.next('playout.finished')
      await until(systemClock.nowMs() + 150)
      const { packetsDiscarded } = await pair.far.statistics()
      await pair[Symbol.asyncDispose]()
      const lastedMs = systemClock.nowMs() - startedAtMs
      const tone = toneIn((await reading).samples)
      expect(packetsDiscarded).toBe(0)
      expect(Math.abs(tone.length - 11_200)).toBeLessThan(240)
      // The new coder begins from rest: at most 20 ms of the tone are weaker.
      expect(oddBlocks(tone).length).toBeLessThanOrEqual(3)
      expect(steepest(tone)).toBeLessThan(1.5)
      const wav = readWav(await readFile(recordingPath))
      expect(Math.abs(wav.samples.length / 2 / 8 - lastedMs)).toBeLessThan(150)
      const left = toneIn(Array.from({ length: wav.samples.length / 2 }, (_, i) => wav.samples[2 * i] as number))
      expect(Math.abs(left.length - 11_200)).toBeLessThan(240)
    },
  )
})
