import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { g711Plan } from '../../test/send-plan.ts'
import { Downlink } from '../downlink.ts'
import { PlayoutQueue } from '../playout/playout-queue.ts'
import { uint32 } from '../rtp/rtp-packet.ts'
import { Uplink } from '../uplink.ts'
import { LegRtcp } from './leg-rtcp.ts'

test('reports leave every 2.5 to 7.5 s, spread, and count what was sent', async () => {
  const clock = new VirtualClock(1000)
  const bytes = new Uint8Array(1500)
  const downlink = new Downlink(g711Plan('PCMU'), new PlayoutQueue(), new Uint8Array(10).fill(1), {
    nextBuffer: () => bytes,
    send() {},
    onSpeech() {},
    onStarted() {},
    onProgress() {},
    onFinished() {},
    liveGeneration: () => -1,
  })
  downlink.configure(g711Plan('PCMU', { eventType: -1 }))
  downlink.start(clock.nowMs())
  const sent: { atMs: number; type: number; packets: number; timestampMs: number }[] = []
  const socket = {
    nextBuffer: () => bytes,
    sendRtcp: () => {
      const timestampMs = ((uint32(bytes, 16) - 0x01010101) >>> 0) / 8
      sent.push({ atMs: clock.nowMs(), type: bytes[1] as number, packets: uint32(bytes, 20), timestampMs })
    },
  }
  const rtcp = new LegRtcp(clock, new Uplink({ onFrame() {} }), downlink, 'call', 77)
  for (let i = 0; i < 6000; i += 1) {
    downlink.service(clock.nowMs(), clock.nowMs())
    if (rtcp.isDue(clock.nowMs())) rtcp.send(socket, '192.0.2.1', 4001, false, false)
    await clock.advance(10)
  }
  expect(sent.length).toBeGreaterThanOrEqual(8)
  const gaps = sent.slice(1).map((report, i) => report.atMs - (sent[i]?.atMs ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2500)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(7520)
  expect(new Set(gaps).size).toBeGreaterThan(3)
  for (const report of sent) {
    expect(report.type).toBe(200)
    expect(Math.abs(report.packets - (report.atMs - 1000) / 20)).toBeLessThanOrEqual(1)
    expect(report.timestampMs).toBeCloseTo(report.atMs - 1000, 0)
  }
})
