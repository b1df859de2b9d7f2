import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generation, type MediaEngine } from '@parley/core'
import { createMediaEngine } from '@parley/media'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWav } from './clips.ts'
import { expectPaced, isLoud, tone } from './heard-packets.ts'
import { openWatchedLeg } from './peer-leg.ts'
import { basics, workerUrl } from './stream-watch.ts'

/** Blocks of 5 ms of one channel, true where the tone is, from its first to its last. */
function toneBlocks(samples: Int16Array, channel: 0 | 1): readonly boolean[] {
  const blocks: boolean[] = []
  for (let at = channel; at + 80 <= samples.length; at += 80) {
    let loudest = 0
    for (let i = at; i < at + 80; i += 2) loudest = Math.max(loudest, Math.abs(samples[i] as number))
    blocks.push(loudest > 6000)
  }
  return blocks.slice(blocks.indexOf(true), blocks.lastIndexOf(true) + 1)
}

// Real time on a shared machine: a burst of foreign load may cost one attempt.
describe.concurrent('a worker thread with real sockets', { retry: 2 }, () => {
  let engine: MediaEngine
  let folder: string

  beforeAll(async () => {
    engine = await createMediaEngine({
      ...basics,
      rtpTimeoutMs: 5_000,
      rtpPorts: { min: 22_800, max: 22_899 },
      workerUrl,
      workerCount: 1,
    })
    folder = await mkdtemp(join(tmpdir(), 'parley-ptime-'))
  })
  afterAll(async () => {
    await engine[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  test.each([10, 30])(
    'sends packets of %i ms at their pace to a peer that asks for them, and records both sides whole',
    async (packetMs) => {
      const recordingPath = join(folder, `${packetMs}.wav`)
      await using leg = await openWatchedLeg(engine, { recordingPath })
      const { peer, stream, port, log } = leg
      await stream.answerOffer(peer.sdp([`a=ptime:${packetMs}`]))
      await stream.start()
      await peer.waitFor(() => peer.heard.length >= 3)
      const g = generation(1)
      stream.playout.begin(g)
      stream.playout.write(g, tone(9600))
      stream.playout.end(g)
      await peer.speak(port, tone(9600, 9000, 1000), packetMs)
      await log.next('playout.finished')
      await peer.waitFor(() => peer.heard.slice(-3).every((packet) => !isLoud(packet)))
      await stream[Symbol.asyncDispose]()

      expect(peer.heard.every(({ samples }) => samples.length === packetMs * 8)).toBe(true)
      expectPaced(peer.heard, packetMs)
      expect(peer.heard.filter(isLoud)).toHaveLength(1200 / packetMs)
      const { samples } = readWav(await readFile(recordingPath))
      for (const channel of [0, 1] as const) {
        const blocks = toneBlocks(samples, channel)
        expect(blocks).not.toContain(false)
        expect(Math.abs(blocks.length - 240)).toBeLessThanOrEqual(6)
      }
    },
  )
})
