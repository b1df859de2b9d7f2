import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { TrunkConfig } from '../src/index.ts'
import { exchange } from './support/raw-tcp.ts'
import { dialRequest, LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'

const open: AsyncDisposable[] = []
const keep = <T extends AsyncDisposable>(opened: T): T => {
  open.push(opened)
  return opened
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened[Symbol.asyncDispose]()))
})

/** A peer that listens on one port of UDP and, if wanted, TCP, and gives the first bytes it gets. */
async function listener(alsoTcp: boolean) {
  const { promise, resolve } = Promise.withResolvers<readonly [transport: string, text: string]>()
  const server = createServer((socket) =>
    socket
      .on('error', () => {})
      .once('data', (bytes) => {
        resolve(['tcp', bytes.toString()])
        socket.destroy()
      }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has no other kind of address
  const socket: Socket = createSocket('udp4', (bytes) => resolve(['udp', bytes.toString()]))
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  const closeServer = () => new Promise<void>((done) => server.close(() => done()))
  if (!alsoTcp) await closeServer()
  keep({
    async [Symbol.asyncDispose]() {
      socket.close()
      if (alsoTcp) await closeServer()
    },
  })
  return { port, first: promise }
}

/** What a gateway on UDP, and perhaps TCP, gets of a call with a description of so many bytes. */
async function firstOf(alsoTcp: boolean, more: Partial<TrunkConfig>, sdpBytes = 0) {
  const { port, first } = await listener(alsoTcp)
  const signalling = keep(await openSignalling([trunkTo(port, more)]))
  const sdp = `${sdpOf(40_000)}a=x:${'x'.repeat(sdpBytes)}\r\n`
  const abort = new AbortController()
  const leg = new LegReader(signalling.dial(dialRequest({ sdp }), abort.signal))
  const got = await first
  abort.abort()
  await leg.end()
  return got
}

test('a request above 1,300 bytes goes by TCP where the trunk allows it', async () => {
  const [transport, text] = await firstOf(true, { largeMessages: 'tcp' }, 1_300)
  expect(transport).toBe('tcp')
  expect(text).toMatch(/^Via: SIP\/2\.0\/TCP /m)
})

test('it goes by UDP after all when TCP is refused', async () => {
  const [transport, text] = await firstOf(false, { largeMessages: 'tcp' }, 1_300)
  expect(transport).toBe('udp')
  expect(text.match(/^Via: .*$/gm)).toEqual([expect.stringContaining('SIP/2.0/UDP')])
})

test.each([
  ['a small one', { largeMessages: 'tcp' }, 0],
  ['one of a trunk that does not say so', {}, 1_300],
] as const)('%s goes by UDP', async (_what, more, sdpBytes) => {
  expect((await firstOf(true, more, sdpBytes))[0]).toBe('udp')
})

test('an answer whose connection is gone goes to the port in the Via', async () => {
  const gone = Promise.withResolvers<void>()
  const callee = keep(
    await openSignalling([trunkTo(1, { numbers: ['13012345678'] })], async () => {
      await gone.promise
      return { kind: 'answer', sdp: sdpOf(50_000) }
    }),
  )
  const { port, first } = await listener(true)
  const lines = [
    'INVITE sip:13012345678@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK-raw`,
    'From: <sip:y@127.0.0.1>;tag=1',
    'To: <sip:13012345678@127.0.0.1>',
    `Contact: <sip:y@127.0.0.1:${port};transport=tcp>`,
    'Call-ID: raw',
    'CSeq: 1 INVITE',
    'Content-Length: 0',
  ]
  await exchange(callee.localPort, `${lines.join('\r\n')}\r\n\r\n`, (text) => text.includes('180 Ringing'))
  gone.resolve()
  const [transport, text] = await first
  expect(transport).toBe('tcp')
  expect(text).toMatch(/^SIP\/2\.0 200 /)
})

test('Via and Contact carry the address that the trunk advertises', async () => {
  const [, text] = await firstOf(false, { advertised: { host: 'sip.us.test', port: 15_060 } })
  expect(text).toMatch(/^Via: SIP\/2\.0\/UDP sip\.us\.test:15060;/m)
  expect(text).toMatch(/^Contact: <sip:[^@]+@sip\.us\.test:15060>/m)
})

test('the contact of an answer is the address that the trunk of the call advertises', async () => {
  const trunk = trunkTo(1, { numbers: ['13012345678'], advertised: { host: '127.0.0.1', port: 15_061 } })
  const callee = keep(await openSignalling([trunk], async () => ({ kind: 'answer', sdp: sdpOf(50_000) })))
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const lines = [
    'INVITE sip:13012345678@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK-raw;rport',
    'From: <sip:y@127.0.0.1>;tag=1',
    'To: <sip:13012345678@127.0.0.1>',
    'Contact: <sip:y@127.0.0.1>',
    'Call-ID: raw',
    'CSeq: 1 INVITE',
    'Content-Length: 0',
  ]
  const answered = new Promise<string>((resolve) =>
    socket.on('message', (bytes) => {
      const text = bytes.toString()
      if (text.startsWith('SIP/2.0 200')) resolve(text)
    }),
  )
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, callee.localPort, '127.0.0.1')
  expect(await answered).toMatch(/^Contact: <sip:13012345678@127\.0\.0\.1:15061>/m)
  socket.close()
})
