import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { TelephoneEventReceiver, TelephoneEventSender } from './telephone-event.ts'

interface EventPacket {
  readonly timestamp: number
  readonly marker: boolean
  readonly payload: Uint8Array
  readonly atMs: number
}

function play(keys: string): EventPacket[] {
  const sender = new TelephoneEventSender()
  for (const key of keys) sender.push(key)
  const packets: EventPacket[] = []
  for (let at = 0; sender.active && at < 1_600_000; at += 160) {
    const payload = new Uint8Array(4)
    if (sender.next(at, 1, payload, 0) > 0) {
      packets.push({ timestamp: sender.startSample, marker: sender.marker, payload, atMs: at / 8 })
    }
  }
  return packets
}

function listen(packets: readonly EventPacket[]): string {
  let heard = ''
  const receiver = new TelephoneEventReceiver((key) => {
    heard += key
  })
  let nowMs = 0
  for (const packet of packets) {
    for (; nowMs < packet.atMs; nowMs += 5) receiver.tick(nowMs)
    receiver.receive(packet.timestamp, packet.payload, 0, 4, packet.atMs, 8)
  }
  for (let end = nowMs + 500; nowMs < end; nowMs += 5) receiver.tick(nowMs)
  return heard
}

test('a key is sent with one marker, one timestamp, growing duration and three end packets', () => {
  const packets = play('5')
  expect(packets.map((packet) => packet.marker)).toEqual([true, false, false, false, false, false, false, false])
  expect(new Set(packets.map((packet) => packet.timestamp)).size).toBe(1)
  expect(packets.map((packet) => packet.payload[0])).toEqual(Array(8).fill(5))
  const durations = packets.map((packet) => ((packet.payload[2] as number) << 8) | (packet.payload[3] as number))
  expect(durations).toEqual([160, 320, 480, 640, 800, 800, 800, 800])
  expect(packets.map((packet) => (packet.payload[1] as number) >> 7)).toEqual([0, 0, 0, 0, 0, 1, 1, 1])
})

test('every key is heard once, doubled digits included', () => {
  expect(listen(play('1123*#ABCD00'))).toBe('1123*#ABCD00')
})

test('loss, duplication and reordering neither double nor swallow a key while one packet of it arrives', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = new SeededRandom(seed)
    const keys = Array.from({ length: 12 }, () => random.pick([...'0123456789*#'])).join('')
    const sent = play(keys)
    const kept = new Set(sent.map((packet) => packet.timestamp))
    const arrived: EventPacket[] = []
    for (const packet of sent) {
      const isLast = [...sent].reverse().find((other) => other.timestamp === packet.timestamp) === packet
      const anyKept = arrived.some((other) => other.timestamp === packet.timestamp)
      if (random.next() < 0.4 && !(isLast && !anyKept)) continue
      arrived.push(packet)
      if (random.next() < 0.2) arrived.push(packet)
      const before = arrived.at(-2)
      if (before?.timestamp === packet.timestamp && random.next() < 0.2)
        arrived.splice(-2, 2, packet, { ...before, atMs: packet.atMs })
    }
    expect(new Set(arrived.map((packet) => packet.timestamp))).toEqual(kept)
    expect(listen(arrived), `seed ${seed}`).toBe(keys)
  }
})

test('a key whose end was lost is reported with the duration that was seen', () => {
  const packets = play('7').slice(0, 4)
  let durationMs = 0
  const receiver = new TelephoneEventReceiver((_key, ms) => {
    durationMs = ms
  })
  for (const packet of packets) receiver.receive(packet.timestamp, packet.payload, 0, 4, packet.atMs, 8)
  receiver.tick(100)
  expect(durationMs).toBe(0)
  receiver.tick(300)
  expect(durationMs).toBe(80)
})
