import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import type { NetworkName } from './network-profile.ts'
import { startRelay } from './relay-process.ts'

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

function rtp(seq: number, ssrc: number): Buffer {
  const packet = Buffer.alloc(172)
  packet.writeUInt8(0x80, 0)
  packet.writeUInt16BE(seq, 2)
  packet.writeUInt32BE(ssrc, 8)
  return packet
}

async function connect(network: NetworkName) {
  const phone = await openSocket()
  const engine = await openSocket()
  const relay = await startRelay({ seed: 1, network, phonePorts: [phone.address().port] })
  onTestFinished(() => relay[Symbol.asyncDispose]())
  const { port } = relay.addressFor(phone.address().port)
  const toPhone = once(phone, 'message')
  engine.send(rtp(1, 5), port, '127.0.0.1')
  const [first, from] = await toPhone
  expect(from.port).toBe(port)
  expect(first.readUInt32BE(8)).toBe(5)
  return { phone, engine, relay, port }
}

test('packets reach the other side unchanged, and the log says when they came and left', async () => {
  const { phone, engine, relay, port } = await connect('clean')
  const toEngine = once(engine, 'message')
  phone.send(rtp(77, 9), port, '127.0.0.1')
  const [packet, from] = await toEngine
  expect([packet, from.port]).toEqual([rtp(77, 9), port])
  const records = await relay.collect()
  expect(records.map(({ direction, seq, ssrc }) => ({ direction, seq, ssrc }))).toEqual([
    { direction: 'down', seq: 1, ssrc: 5 },
    { direction: 'up', seq: 77, ssrc: 9 },
  ])
  for (const { arrivedNs, leftNs = 0 } of records) expect(leftNs).toBeGreaterThanOrEqual(arrivedNs)
  expect(await relay.collect()).toEqual([])
})

test('a network can be changed between calls, and its delay is what the log says', async () => {
  const { phone, engine, relay, port } = await connect('clean')
  await relay.collect()
  relay.configure('mobile', 3)
  const toPhone = once(phone, 'message')
  engine.send(rtp(2, 5), port, '127.0.0.1')
  await toPhone
  const [record] = await relay.collect()
  expect(((record?.leftNs ?? 0) - (record?.arrivedNs ?? 0)) / 1e6).toBeGreaterThanOrEqual(39)
})

test('a port the relay does not serve is refused', async () => {
  const { relay } = await connect('clean')
  expect(() => relay.addressFor(1)).toThrow('no socket for port 1')
})
