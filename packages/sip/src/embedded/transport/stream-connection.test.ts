import { Socket } from 'node:net'
import { VirtualClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import { StreamConnection } from './stream-connection.ts'

/** A connection over a socket that leads nowhere: what it reads is emitted, what it writes is noted. */
function connectionOver(waitingBytes = 0) {
  const socket = new Socket()
  Object.defineProperty(socket, 'writableLength', { value: waitingBytes })
  const write = vi.spyOn(socket, 'write').mockReturnValue(true)
  const timeout = vi.spyOn(socket, 'setTimeout')
  const delivered: Buffer[] = []
  new StreamConnection({
    socket,
    key: 'accepted:1',
    peer: { transport: 'tcp', host: '192.0.2.1', port: 5060 },
    clock: new VirtualClock(),
    deliver: (bytes) => delivered.push(bytes),
    readyEvent: undefined,
    onClosed: () => {},
  })
  const read = (text: string) => socket.emit('data', Buffer.from(text))
  return { read, write, delivered, timeoutMs: () => timeout.mock.lastCall?.[0] }
}

test('a message that has begun must go on within 32 s; between messages two hours may pass', () => {
  const { read, delivered, timeoutMs } = connectionOver()
  expect(timeoutMs()).toBe(7_200_000)
  read('OPTIONS sip:x@192.0.2.2 SIP/2.0\r\nContent-Length: 4\r\n')
  expect(timeoutMs()).toBe(32_000)
  read('\r\nbod')
  expect(timeoutMs()).toBe(32_000)
  read('y')
  expect(delivered).toHaveLength(1)
  expect(timeoutMs()).toBe(7_200_000)
})

test('a peer that reads the answers to its pings gets them, one that lets them pile up gets no more', () => {
  const reading = connectionOver()
  reading.read('\r\n\r\n')
  expect(reading.write).toHaveBeenCalledWith('\r\n')
  const stuck = connectionOver(1_024)
  stuck.read('\r\n\r\n')
  expect(stuck.write).not.toHaveBeenCalled()
})
