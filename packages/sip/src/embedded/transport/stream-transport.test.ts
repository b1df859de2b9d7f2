import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { VirtualClock } from '@parley/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StreamTransport } from './stream-transport.ts'
import { openTcpSockets } from './tcp-sockets.ts'
import type { Peer } from './transport.ts'

const clock = new VirtualClock()
let server: Server
let transport: StreamTransport
let peer: Peer
let sockets: Socket[]

beforeEach(async () => {
  sockets = []
  server = createServer((socket) => sockets.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has no other kind of address
  peer = { transport: 'tcp', host: '127.0.0.1', port, profile: { name: 'carrier', keepaliveS: 30 } }
  const gate = { knowsSource: () => true, acceptsCertificate: () => true }
  transport = await StreamTransport.open(
    clock,
    () => {},
    (accept) => openTcpSockets('127.0.0.1', 0, gate, accept),
  )
})

afterEach(async () => {
  await transport[Symbol.asyncDispose]()
  for (const socket of sockets) socket.destroy()
  server.close()
})

/** Sends a message and gives the peer's end of the connection it came by, and its text. */
async function sent(text: string, onError: (error: Error) => void = () => {}): Promise<[Socket, string]> {
  const accepted = once(server, 'connection')
  transport.send(Buffer.from(text), peer, onError)
  const [socket] = (await accepted) as [Socket]
  return [socket, await textOf(socket)]
}

const textOf = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0])

test('an idle connection is pinged, and closed when nothing comes back within ten seconds', async () => {
  const [socket] = await sent('first')
  const ping = textOf(socket)
  await clock.advance(30_000)
  expect(await ping).toBe('\r\n\r\n')
  const closed = once(socket, 'close')
  await clock.advance(10_000)
  await closed
  expect((await sent('second'))[1]).toBe('second')
})

test('a connection whose peer answers pings stays', async () => {
  const [socket] = await sent('first')
  for (let round = 0; round < 3; round += 1) {
    const ping = textOf(socket)
    await clock.advance(30_000)
    await ping
    // Nothing tells from outside that our end has read it, but the answer to a ping in the same bytes does.
    const pong = textOf(socket)
    socket.write('\r\n\r\n\r\n')
    expect(await pong).toBe('\r\n')
  }
  expect(sockets).toHaveLength(1)
})

test('a message that met a connection just closed by a peer we know goes again by a new one', async () => {
  const [socket] = await sent('first')
  const pong = textOf(socket)
  socket.write('\r\n\r\n')
  await pong
  const failures: Error[] = []
  const again = sent('second', (error) => failures.push(error))
  socket.destroy()
  expect((await again)[1]).toBe('second')
  expect(failures).toEqual([])
})

test('a connection that dies before the peer said anything fails what was sent by it, with the cause', async () => {
  const { promise, resolve } = Promise.withResolvers<Error>()
  const [socket] = await sent('first', resolve)
  socket.destroy()
  expect((await promise).message).toBe(`tcp to 127.0.0.1 port ${peer.port}: connection was closed`)
})
