import { expect, test } from 'vitest'
import { findHeardSegments, measureSteps } from './measures.ts'
import type { PacketRecord } from './packet-log.ts'

const ms = 1e6

/** A received 20 ms packet; `audible` in samples. */
function packet(atMs: number, levelDb: number, audible = { fromSample: 0, toSample: 160 }): PacketRecord {
  const header = { seq: 0, timestamp: 0, ssrc: 1, payloadType: 8, marker: false, payloadBytes: 160 }
  return { direction: 'received', atNs: atMs * ms, ...header, levelDb, ...(levelDb > -50 ? { audible } : {}) }
}

function stretch(fromMs: number, toMs: number, levelDb: number): PacketRecord[] {
  return Array.from({ length: (toMs - fromMs) / 20 }, (_, i) => packet(fromMs + i * 20, levelDb))
}

const step = (firstMs: number, lastMs: number, index = 0) => ({
  step: index,
  kind: 'say' as const,
  firstPacketSentNs: firstMs * ms,
  lastSpeechPacketSentNs: lastMs * ms,
})

test('response time runs to the first audible block inside the packet', () => {
  const packets = [...stretch(0, 2000, -120), packet(2000, -60), packet(2020, -20, { fromSample: 80, toSample: 160 })]
  const [measure] = measureSteps(packets, [step(1000, 1500)])
  expect(measure).toMatchObject({ v2vMs: 530, cutInMs: null, wasHeardAtOnset: false, stopMs: null })
})

test('sound that began while the caller spoke is a cut-in and gives a negative response time', () => {
  const [measure] = measureSteps([...stretch(0, 1400, -120), ...stretch(1400, 2400, -20)], [step(1000, 1500)])
  expect(measure).toMatchObject({ v2vMs: -100, cutInMs: -100 })
})

test('an answer that comes after the caller spoke again belongs to the later words', () => {
  const packets = stretch(3000, 3200, -20)
  const [first, second] = measureSteps(packets, [step(0, 500), step(2000, 2500, 1)])
  expect(first?.v2vMs).toBeNull()
  expect(second?.v2vMs).toBe(500)
})

test('an interruption is measured to the duck, the stop and the reply', () => {
  const packets = [
    ...stretch(0, 1060, -20),
    ...stretch(1060, 1400, -38),
    ...stretch(1400, 2100, -120),
    ...stretch(2100, 2400, -20),
  ]
  const [measure] = measureSteps(packets, [step(1000, 1500)])
  expect(measure).toMatchObject({
    wasHeardAtOnset: true,
    duckMs: 60,
    stopMs: 380,
    resumeMs: 1100,
    v2vMs: 600,
    cutInMs: null,
  })
})

test('packets that stop altogether count as ducked when the next one was due', () => {
  const [measure] = measureSteps([...stretch(0, 1040, -20), ...stretch(1600, 2000, -20)], [step(1000, 1500)])
  expect(measure).toMatchObject({ duckMs: 40, stopMs: 20 })
})

test('a dip shorter than 60 ms is no duck', () => {
  const packets = [...stretch(0, 1040, -20), ...stretch(1040, 1080, -60), ...stretch(1080, 3000, -20)]
  expect(measureSteps(packets, [step(1000, 1500)])[0]?.duckMs).toBeNull()
})

test('segments merge over gaps shorter than 200 ms', () => {
  const packets = [...stretch(0, 100, -20), ...stretch(280, 400, -20), ...stretch(620, 700, -20)]
  expect(findHeardSegments(packets)).toEqual([
    { startNs: 0, endNs: 400 * ms },
    { startNs: 620 * ms, endNs: 700 * ms },
  ])
})
