import { once } from 'node:events'
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net'
import { settle } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { SpareLine } from './spare-line.ts'

async function setUp(host = '127.0.0.1', lookup?: LookupFunction, keptMs?: number) {
  const connections: Socket[] = []
  const server = createServer((socket) => connections.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of connections) socket.destroy()
    server.close()
  })
  const url = new URL(`ws://${host}:${(server.address() as AddressInfo).port}/`)
  return { server, connections, line: new SpareLine({ url, lookup }, keptMs) }
}

test('a line that was prepared is the one that is taken, once', async () => {
  const { line, connections } = await setUp()
  await Promise.all([line.prepare(), line.prepare()])
  const first = line.take()
  const second = line.take()
  onTestFinished(() => void [first, second].map(({ socket }) => socket.destroy()))
  await once(second.socket, 'connect')
  expect([first.isSpare, second.isSpare]).toEqual([true, false])
  expect(connections).toHaveLength(2)
  expect(first.socket.localPort).toBe(connections[0]?.remotePort)
})

test('a line that is still being made can be taken', async () => {
  const { line } = await setUp()
  const ready = line.prepare()
  const { socket, isSpare } = line.take()
  onTestFinished(() => void socket.destroy())
  await ready
  expect(isSpare).toBe(true)
  expect(socket.pending).toBe(false)
})

test('a line that the other side closes is replaced', async () => {
  const { line, connections, server } = await setUp()
  const accepted = once(server, 'connection')
  await line.prepare()
  await accepted
  connections[0]?.end()
  while (connections.length < 2) {
    await line.prepare()
    await settle()
  }
})

test('a line that nobody takes closes by itself', async () => {
  const { line, connections, server } = await setUp('127.0.0.1', undefined, 1)
  const accepted = once(server, 'connection')
  await line.prepare()
  await accepted
  await once((connections[0] as Socket).resume(), 'end')
})

test('a service that cannot be reached leaves no line, and throws nothing', async () => {
  const { line, server } = await setUp()
  server.close()
  await once(server, 'close')
  await line.prepare()
  const { socket, isSpare } = line.take()
  await once(socket, 'error')
  expect(isSpare).toBe(false)
})

test('the name of the service is looked up as the endpoint says', async () => {
  const names: string[] = []
  const { line } = await setUp('voice.example.com', (name, { all }, done) => {
    names.push(name)
    if (all) done(null, [{ address: '127.0.0.1', family: 4 }])
    else done(null, '127.0.0.1', 4)
  })
  await line.prepare()
  const { socket } = line.take()
  onTestFinished(() => void socket.destroy())
  expect(socket.remoteAddress).toBe('127.0.0.1')
  expect(names).toEqual(['voice.example.com'])
})
