import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SipSignalling } from '../src/index.ts'
import { exchange } from './support/raw-tcp.ts'
import { openSignalling, trunkTo } from './support/signalling-pair.ts'

let signalling: SipSignalling
const sockets: Socket[] = []

beforeEach(async () => {
  signalling = await openSignalling([trunkTo(1)])
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await signalling[Symbol.asyncDispose]()
})

const options = (callId: string, ...more: readonly string[]) =>
  [
    'OPTIONS sip:x@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK-${callId}`,
    'From: <sip:y@127.0.0.1>;tag=1',
    'To: <sip:x@127.0.0.1>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    ...more,
    '',
    '',
  ].join('\r\n')
const answered = (text: string) => text.endsWith('\r\n\r\n')

/** A connection that is kept; what comes back is in `text`. */
async function open(): Promise<{ readonly socket: Socket; text: string; readonly closed: Promise<unknown> }> {
  const socket = connect(signalling.localPort, '127.0.0.1')
  socket.setNoDelay(true)
  sockets.push(socket)
  const connection = { socket, text: '', closed: new Promise((resolve) => socket.once('close', resolve)) }
  socket.on('data', (chunk) => {
    connection.text += chunk
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return connection
}

/** The gateway serves others. */
async function expectService(): Promise<void> {
  const reply = await exchange(signalling.localPort, options('other', 'Content-Length: 0'), answered)
  expect(reply).toContain('SIP/2.0 200 OK')
}

test('a message that never ends is cut off at 64 KiB without an answer', async () => {
  const { socket, closed } = await open()
  socket.write('OPTIONS sip:x@127.0.0.1 SIP/2.0\r\n')
  for (let count = 0; count < 80; count += 1) socket.write(`X-${count}: ${'y'.repeat(1_000)}\r\n`)
  await closed
  await expectService()
})

test('a message byte by byte is cut off after 1,000 pieces', async () => {
  const connection = await open()
  let isOpen = true
  void connection.closed.then(() => {
    isOpen = false
  })
  const bytes = Buffer.from(`OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nX: ${'y'.repeat(60_000)}`)
  for (let at = 0; at < bytes.length && isOpen; at += 1) {
    // Each byte a segment of its own: the next is written when this one has left.
    await new Promise<void>((resolve) => connection.socket.write(bytes.subarray(at, at + 1), () => resolve()))
    if (at % 10 === 0) await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await connection.closed
  expect(connection.text).toBe('')
  await expectService()
})

test.each([
  ['two lengths', ['Content-Length: 0', 'Content-Length: 5']],
  ['a negative length', ['Content-Length: -1']],
  ['a length beyond 64 KiB', ['Content-Length: 70000']],
  ['a length of letters', ['l: many']],
])('%s close the connection without an answer', async (_name, more) => {
  expect(await exchange(signalling.localPort, options('lie', ...more), () => true)).toBe('')
  await expectService()
})

test('a length that promises more holds nothing up but its own connection', async () => {
  const waiting = await open()
  waiting.socket.write(options('more', 'Content-Length: 1000'))
  await expectService()
  expect(waiting.text).toBe('')
  waiting.socket.write('x'.repeat(1_000))
  await once(waiting.socket, 'data')
  expect(waiting.text).toContain('SIP/2.0 200 OK')
})

test('what a length leaves over is no message, and the one before it is answered', async () => {
  const text = await exchange(
    signalling.localPort,
    `${options('less', 'Content-Length: 0')}left over\r\n\r\n`,
    answered,
  )
  expect(text.match(/^SIP\/2\.0 /gm)).toHaveLength(1)
  await expectService()
})

test('600 connections that say nothing leave room for calls once they are gone', async () => {
  const idle = await Promise.all(Array.from({ length: 600 }, () => open().catch(() => undefined)))
  expect(idle).toHaveLength(600)
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(idle.map((connection) => connection?.closed))
  await expectService()
}, 20_000)
