import { once } from 'node:events'
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net'
import { settle, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { SpareLines, type SpareLinesOptions } from './spare-lines.ts'

async function setUp(options: SpareLinesOptions = {}, host = '127.0.0.1') {
  const connections: Socket[] = []
  const server = createServer((socket) => connections.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of connections) socket.destroy()
    server.close()
  })
  const url = new URL(`ws://${host}:${(server.address() as AddressInfo).port}/`)
  const clock = new VirtualClock()
  const lines = new SpareLines(clock, options)
  onTestFinished(() => lines[Symbol.dispose]())
  return { server, connections, url, lines, clock }
}

test('a line that was prepared is the one that is taken, once', async () => {
  const { lines, url, connections } = await setUp()
  await lines.prepare(url)
  const first = lines.take(url)
  const second = lines.take(url)
  onTestFinished(() => void [first, second].map(({ socket }) => socket.destroy()))
  await once(second.socket, 'connect')
  expect([first.isSpare, second.isSpare]).toEqual([true, false])
  expect(connections).toHaveLength(2)
  expect(first.socket.localPort).toBe(connections[0]?.remotePort)
})

test('a line that is still being made can be taken', async () => {
  const { lines, url } = await setUp()
  const ready = lines.prepare(url)
  const { socket, isSpare } = lines.take(url)
  onTestFinished(() => void socket.destroy())
  await ready
  expect(isSpare).toBe(true)
  expect(socket.pending).toBe(false)
})

test('a line that the other side closes is replaced', async () => {
  const { lines, url, connections, server } = await setUp()
  const accepted = once(server, 'connection')
  await lines.prepare(url)
  await accepted
  connections[0]?.end()
  while (connections.length < 2) {
    await lines.prepare(url)
    await settle()
  }
})

test('a line that nobody takes closes by itself', async () => {
  const { lines, url, connections, server, clock } = await setUp()
  const accepted = once(server, 'connection')
  await lines.prepare(url)
  await accepted
  const ended = once((connections[0] as Socket).resume(), 'end')
  await clock.advance(30_000)
  await ended
})

test('a line that was taken is closed by nobody but its owner', async () => {
  const { lines, url, clock } = await setUp()
  await lines.prepare(url)
  const { socket } = lines.take(url)
  onTestFinished(() => void socket.destroy())
  await clock.advance(60_000)
  expect(socket.destroyed).toBe(false)
})

test('a service that cannot be reached leaves no line, and throws nothing', async () => {
  const { lines, url, server } = await setUp()
  server.close()
  await once(server, 'close')
  await lines.prepare(url)
  const { socket, isSpare } = lines.take(url)
  await once(socket, 'error')
  expect(isSpare).toBe(false)
})

test('the name of the service is looked up as is said', async () => {
  const names: string[] = []
  const lookup: LookupFunction = (name, { all }, done) => {
    names.push(name)
    if (all) done(null, [{ address: '127.0.0.1', family: 4 }])
    else done(null, '127.0.0.1', 4)
  }
  const { lines, url } = await setUp({ lookup }, 'voice.example.com')
  await lines.prepare(url)
  const { socket } = lines.take(url)
  onTestFinished(() => void socket.destroy())
  expect(socket.remoteAddress).toBe('127.0.0.1')
  expect(names).toEqual(['voice.example.com'])
})

test('a few lines wait for all calls, and no more', async () => {
  const { lines, url } = await setUp()
  await Promise.all(Array.from({ length: 9 }, () => lines.prepare(url)))
  const taken = Array.from({ length: 5 }, () => lines.take(url))
  onTestFinished(() => {
    for (const { socket } of taken) socket.destroy()
  })
  await once(taken[4]?.socket as Socket, 'connect')
  expect(taken.map(({ isSpare }) => isSpare)).toEqual([true, true, true, true, false])
})

test('a line leads to the host that it was prepared for', async () => {
  const [one, other] = [await setUp(), await setUp()]
  await one.lines.prepare(one.url)
  const { socket, isSpare } = one.lines.take(other.url)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  expect(isSpare).toBe(false)
  expect(socket.remotePort).toBe(Number(other.url.port))
})

test('what waits is closed with the others', async () => {
  const { lines, url, server } = await setUp()
  const accepted = once(server, 'connection')
  await lines.prepare(url)
  const [connection] = (await accepted) as [Socket]
  const ended = once(connection.resume(), 'end')
  lines[Symbol.dispose]()
  await ended
})
