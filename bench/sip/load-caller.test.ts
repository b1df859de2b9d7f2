import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { placeAtRate } from './call-rate.ts'
import { LoadCaller } from './load-caller.ts'
import { RtpLeg } from './rtp-legs.ts'

let callee: Socket
let caller: LoadCaller
let seen: string[]
let answer: (method: string, text: string, from: RemoteInfo) => void

const reply = (text: string, from: RemoteInfo, status: string, more = '') => {
  const copied = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line))
  callee.send(`SIP/2.0 ${status}\r\n${copied.join('\r\n')}\r\n${more}\r\n`, from.port, from.address)
}

beforeEach(async () => {
  seen = []
  callee = createSocket('udp4')
  callee.on('message', (bytes, from) => {
    const text = bytes.toString('latin1')
    const method = text.slice(0, text.indexOf(' '))
    seen.push(method)
    answer(method, text, from)
  })
  callee.bind(0, '127.0.0.1')
  await once(callee, 'listening')
  caller = await LoadCaller.open(callee.address().port)
})
afterEach(async () => {
  await caller[Symbol.asyncDispose]()
  callee.close()
})

test('a call whose first INVITE got lost is answered by the second, acknowledged and ended', async () => {
  answer = (method, text, from) => {
    if (method === 'INVITE' && seen.length > 1) reply(text, from, '200 OK', 'm=audio 4711 RTP/AVP 8\r\n')
    if (method === 'BYE') reply(text, from, '200 OK')
  }
  const call = await caller.call('1', 9)
  expect(call.answerMs).toBeGreaterThan(400)
  expect(call.mediaPort).toBe(4711)
  await call.hangup()
  expect(seen).toEqual(['INVITE', 'INVITE', 'ACK', 'BYE'])
  expect(caller.repeats).toBe(1)
})

test('a call that is refused is a failure of its own, and the others go on', async () => {
  answer = (method, text, from) => {
    const refused = method === 'INVITE' && text.includes('sip:1@')
    reply(text, from, refused ? '486 Busy Here' : '200 OK')
  }
  const rate = await placeAtRate(3, 100, async (index) => {
    const call = await caller.call(String(index), 9)
    await call.hangup()
    return call
  })
  expect(rate.answers).toHaveLength(2)
  expect(rate.failures).toEqual([expect.stringContaining('call 2')])
})

test('a leg counts what did not come, from when it is told to', async () => {
  const leg = await RtpLeg.open()
  const packet = (seq: number) => Buffer.from([0x80, 8, seq >> 8, seq & 0xff, ...new Array(168).fill(0)])
  const send = (seq: number) =>
    new Promise<void>((resolve) => callee.send(packet(seq), leg.port, '127.0.0.1', () => resolve()))
  leg.startNoting()
  for (const seq of [65_534, 65_535, 2, 3]) await send(seq)
  for (let wait = 0; leg.received < 4 && wait < 1_000; wait += 1) await new Promise((resolve) => setImmediate(resolve))
  leg.stopNoting()
  expect(leg).toMatchObject({ received: 4, lost: 2 })
  expect(leg.spacingsMs).toHaveLength(3)
  leg.close()
})
