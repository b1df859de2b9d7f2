import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { g711, newG711 } from './codec/g711.ts'
import { newRtpHeader, parseRtp, writeRtpHeader } from './rtp/rtp-packet.ts'
import { Uplink } from './uplink.ts'

interface Sent {
  readonly sequence: number
  readonly timestamp: number
  readonly atMs: number
  readonly ssrc?: number
  readonly marker?: boolean
  readonly samples?: number
  /** Code word of every sample; its decoded value tells packets apart. */
  readonly code: number
  readonly audio?: boolean | 'noise'
}

interface Heard {
  readonly startSample: number
  readonly first: number
  readonly atMs: number
}

/** Feeds packets in order of arrival with 5 ms ticks between, and returns the frames that came out. */
function hear(
  packets: readonly Sent[],
  untilMs: number,
  uplinkOf?: (uplink: Uplink) => void,
  samples: number[] = [],
): Heard[] {
  const heard: Heard[] = []
  let nowMs = 0
  const uplink = new Uplink({
    onFrame: (frame, startSample) => {
      heard.push({ startSample, first: frame[0] as number, atMs: nowMs })
      samples.push(...frame)
    },
  })
  const header = newRtpHeader()
  const { decoder } = newG711('PCMA')
  const due = [...packets].sort((a, b) => a.atMs - b.atMs)
  for (; nowMs <= untilMs; nowMs += 1) {
    for (let next = due[0]; next && next.atMs <= nowMs; next = due[0]) {
      due.shift()
      const datagram = new Uint8Array(12 + (next.samples ?? 160)).fill(next.code)
      writeRtpHeader(datagram, next.marker ?? false, 8, next.sequence & 0xffff, next.timestamp >>> 0, next.ssrc ?? 1)
      parseRtp(datagram, header)
      uplink.receive(
        header,
        datagram,
        next.audio === 'noise' ? 'noise' : next.audio === false ? 'nothing' : decoder,
        nowMs,
      )
    }
    if (nowMs % 5 === 0) uplink.tick(nowMs)
  }
  uplinkOf?.(uplink)
  expectGapless(heard)
  return heard
}

function expectGapless(heard: readonly Heard[]): void {
  heard.forEach((frame, i) => {
    expect(frame.startSample).toBe(i * 160)
  })
}

const linear = (code: number) => g711.PCMA.decode[code] as number
const stream = (count: number): Sent[] =>
  Array.from({ length: count }, (_, i) => ({
    sequence: 65_500 + i,
    timestamp: 0xffffff00 + i * 160,
    atMs: 10 + i * 20,
    code: i % 256,
  }))

test('each frame is handed on the moment its packet arrives', () => {
  const heard = hear(stream(100), 2000)
  expect(heard.length).toBe(100)
  heard.forEach((frame, i) => {
    expect(frame).toEqual({ startSample: i * 160, first: linear(i), atMs: 10 + i * 20 })
  })
})

test('a packet overtaken by one is put back in order; duplicates are dropped', () => {
  const packets = stream(20).map((packet, i) => (i === 7 ? { ...packet, atMs: packet.atMs + 25 } : packet))
  packets.push({ ...(packets[3] as Sent), atMs: 100 })
  const heard = hear(packets, 405)
  expect(heard.map((frame) => frame.first)).toEqual(Array.from({ length: 20 }, (_, i) => linear(i)))
})

test('a lost packet is concealed after 40 ms at most, by a fading repeat', () => {
  const packets = stream(20).filter((_, i) => i !== 8)
  const heard = hear(packets, 405)
  expect(heard.length).toBe(20)
  const repeat = heard[8] as Heard
  expect(Math.sign(repeat.first)).toBe(Math.sign(linear(7)))
  expect(Math.abs(repeat.first)).toBeLessThan(Math.abs(linear(7)))
  expect((heard[9] as Heard).atMs - (10 + 9 * 20)).toBeLessThanOrEqual(40)
  expect((heard[9] as Heard).first).toBe(linear(9))
})

test('seeded storms of loss, reordering and duplication keep media time gapless and right', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = new SeededRandom(seed)
    const packets: Sent[] = []
    for (const packet of stream(250)) {
      // Media time begins with the first packet heard.
      if (packets.length === 0) {
        packets.push(packet)
        continue
      }
      if (random.next() < 0.05) continue
      packets.push({ ...packet, atMs: packet.atMs + (random.next() < 0.1 ? random.between(0, 35) : 0) })
      if (random.next() < 0.03) packets.push({ ...packet, atMs: packet.atMs + random.between(0, 60) })
    }
    const heard = hear(packets, 5200)
    let exact = 0
    for (const frame of heard) if (frame.first === linear((frame.startSample / 160) % 256)) exact += 1
    expect(exact / heard.length, `seed ${seed}`).toBeGreaterThan(0.9)
  }
})

test.each([80, 240, 320, 480])('packets of %i samples become 20 ms frames', (samples) => {
  const count = 24
  const packets = Array.from({ length: count }, (_, i) => ({
    sequence: i,
    timestamp: i * samples,
    atMs: 10 + (i * samples) / 8,
    samples,
    code: i,
  }))
  const heard = hear(packets, 10 + (count * samples) / 8 - 1)
  expect(heard.length).toBe(Math.floor((count * samples) / 160))
})

test('a pause of the peer becomes silence by the clock, and speech goes on at its true place', () => {
  const before = stream(20)
  const after = stream(120).slice(100)
  const heard = hear([...before, ...after], 2400)
  expect((heard[50] as Heard).first).toBe(0)
  expect((heard[60] as Heard).atMs).toBeLessThan(10 + 60 * 20 + 260)
  expect((heard[100] as Heard).first).toBe(linear(100))
})

test('timestamps that stood still in a pause are taken anew', () => {
  const packets = stream(40).map((packet, i) =>
    i < 20 ? packet : { ...packet, atMs: packet.atMs + 1000, marker: i === 20 },
  )
  const heard = hear(packets, 1900)
  const values = heard.map((frame) => frame.first)
  expect(values.slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => linear(20 + i)))
  expect(Math.abs((heard.at(-1) as Heard).startSample / 8 - (10 + 39 * 20 + 1000))).toBeLessThan(260)
})

test('without a marker, standing timestamps are believed once late packets last for 60 ms', () => {
  const packets = stream(40).map((packet, i) => (i < 20 ? packet : { ...packet, atMs: packet.atMs + 400 }))
  const values = hear(packets, 1300).map((frame) => frame.first)
  expect(values.slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => linear(24 + i)))
})

test('a timestamp jump and a new SSRC do not break media time', () => {
  const packets = stream(90).map((packet, i) => {
    if (i < 30) return packet
    if (i < 60) return { ...packet, timestamp: packet.timestamp + 50_000_000 }
    return { ...packet, ssrc: 2, sequence: 9000 + i, timestamp: 5 + i * 160 }
  })
  const heard = hear(packets, 1810)
  expect((heard.at(-1) as Heard).first).toBe(linear(89))
  expect(Math.abs(heard.length - 90)).toBeLessThanOrEqual(2)
})

test('one packet of a foreign SSRC is dropped', () => {
  const packets = [...stream(30), { sequence: 3, timestamp: 99, atMs: 205, ssrc: 7, code: 200 }]
  const heard = hear(packets, 605, (uplink) => expect(uplink.discarded).toBe(1))
  expect(heard.length).toBe(30)
})

test('telephone events and comfort noise hold their place and give no audio', () => {
  const packets = stream(30).map((packet, i) => (i >= 10 && i < 18 ? { ...packet, audio: false } : packet))
  const heard = hear(packets, 605)
  expect(heard.length).toBe(30)
  expect(heard.slice(10, 18).map((frame) => frame.first)).toEqual(Array(8).fill(0))
})

test('a pause that the peer announced is filled with noise of its level, soon, and is no loss', () => {
  const before = stream(20)
  const after = stream(120)
    .slice(100)
    .map((packet, i) => ({ ...packet, sequence: 65_521 + i, marker: i === 0 }))
  const level = 50
  const noise = {
    ...(before[19] as Sent),
    sequence: 65_520,
    timestamp: 0xffffff00 + 3200,
    atMs: 410,
    samples: 1,
    code: level,
    audio: 'noise' as const,
  }
  const samples: number[] = []
  const heard = hear(
    [...before, noise, ...after],
    2400,
    (uplink) => {
      expect(uplink.reception.lost).toBe(0)
      expect(uplink.concealedFrames).toBe(0)
      expect(uplink.discarded + uplink.late).toBe(0)
    },
    samples,
  )
  const pause = samples.slice(20 * 160, 100 * 160)
  const rms = Math.sqrt(pause.reduce((sum, sample) => sum + sample * sample, 0) / pause.length)
  expect(Math.abs(20 * Math.log10(rms / 32_767) + level)).toBeLessThan(1)
  expect(pause.slice(0, 160).some((sample) => sample !== 0)).toBe(true)
  // Frames of the pause come at most 80 ms, and a tick, after they are due.
  for (const frame of heard.slice(30, 95)) {
    const dueMs = frame.startSample / 8 + 10
    expect(frame.atMs - dueMs).toBeLessThanOrEqual(85)
  }
  expect((heard[100] as Heard).first).toBe(linear(100))
  expect((heard[100] as Heard).atMs).toBe(10 + 100 * 20)
})

test('noise louder than any pause is taken for a mistake', () => {
  const samples: number[] = []
  const noise = { ...(stream(6)[5] as Sent), samples: 1, code: 0, audio: 'noise' as const }
  hear([...stream(5), noise], 1000, undefined, samples)
  expect(Math.max(...samples.slice(-1600))).toBeLessThan(2000)
})

test('the mapping to the clock follows the quickest packets, not the late ones', () => {
  const random = new SeededRandom(9)
  let offset = 0
  const packets = stream(300).map((packet) => ({ ...packet, atMs: packet.atMs + random.between(0, 12) }))
  hear(packets, 6100, (uplink) => {
    offset = uplink.time.clockOf(160)
  })
  expect(Math.abs(offset - 10)).toBeLessThanOrEqual(1)
})
