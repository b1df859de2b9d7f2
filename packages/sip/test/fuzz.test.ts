import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { parseMessage } from '../src/embedded/message/parse-message.ts'
import { writeMessage } from '../src/embedded/message/write-message.ts'
import { FramingError, StreamFramer } from '../src/embedded/transport/stream-framer.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { tortureMessage } from './support/torture-messages.ts'
import { inviteTo, openPhone, VirtualNetwork } from './support/virtual-network.ts'

const seeds = 'wsinv intmeth esc01 longreq dblreq semiuri mpart01 inv2543 badinv01 clerr ncl quotbal multi01 scalar02'
const corpus = seeds.split(' ').map((name) => tortureMessage(name))
const fragments = ['\r\n', '\r\n\r\n', ' ', ';', ',', '"', '<', '>', '%00', '\0', 'SIP/2.0', 'z9hG4bK', ':', '\\', '=']
const parserBudget = 50_000
const agentBudget = 5_000

function mutate(random: SeededRandom): Buffer {
  let bytes = Buffer.from(random.pick(corpus))
  for (let rounds = random.between(1, 6); rounds > 0; rounds -= 1) {
    const at = random.between(0, bytes.length)
    const end = Math.min(bytes.length, at + random.between(0, 40))
    const kind = random.between(0, 4)
    if (kind === 0) bytes[Math.min(at, bytes.length - 1)] = random.between(0, 255)
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
    else if (kind === 3) bytes = bytes.subarray(0, Math.max(1, at))
    else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(fragments)), bytes.subarray(at)])
    if (bytes.length === 0) bytes = Buffer.from('x')
  }
  return bytes
}

test(`${parserBudget} mutated messages neither throw nor hang, and what is accepted can be written and read again`, () => {
  const random = new SeededRandom(4_475)
  let accepted = 0
  for (let count = 0; count < parserBudget; count += 1) {
    const bytes = mutate(random)
    const result = parseMessage(bytes)
    if (!result.ok) continue
    accepted += 1
    const again = parseMessage(writeMessage(result.message))
    expect(again.ok, `message ${count}: ${JSON.stringify(bytes.toString('latin1'))}`).toBe(true)
  }
  expect(accepted).toBeGreaterThan(1_000)
})

test('a stream cut anywhere gives the same messages, and garbage ends it by an error of its own', () => {
  const random = new SeededRandom(18_3)
  const whole = Buffer.concat([tortureMessage('wsinv'), Buffer.from('\r\n\r\n'), tortureMessage('intmeth')])
  for (let count = 0; count < 500; count += 1) {
    const framer = new StreamFramer()
    const messages: Buffer[] = []
    for (let at = 0; at < whole.length; ) {
      const next = Math.min(whole.length, at + random.between(1, 400))
      for (const frame of framer.push(whole.subarray(at, next)))
        if (frame.kind === 'message') messages.push(frame.bytes)
      at = next
    }
    expect(messages.map((bytes) => parseMessage(bytes).ok)).toEqual([true, true])
  }
  for (let count = 0; count < 5_000; count += 1) {
    const framer = new StreamFramer()
    try {
      for (let chunks = 0; chunks < 4; chunks += 1) framer.push(mutate(random))
    } catch (error) {
      expect(error).toBeInstanceOf(FramingError)
    }
  }
  expect(() => new StreamFramer().push(Buffer.alloc(70_000, 65))).toThrow(FramingError)
})

test('a user agent in a call survives mutated messages of its peer', async () => {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  await openPhone(network, clock, 'callee.test', (call) => call.answer(sdpOf(5_000)))
  const caller = await openPhone(network, clock, 'caller.test')
  caller.agent.invite(inviteTo('callee.test'), () => {})
  await clock.advance(1_000)
  const real = network.sent.map((packet) => packet.bytes)
  const random = new SeededRandom(7)
  const transport = network.attach('attacker.test', () => {})
  for (let count = 0; count < agentBudget; count += 1) {
    const bytes = Buffer.from(random.pick(real))
    for (let flips = random.between(1, 3); flips > 0; flips -= 1) {
      bytes[random.between(0, bytes.length - 1)] = random.between(32, 126)
    }
    const host = random.pick(['callee.test', 'caller.test'])
    transport.send(bytes, { transport: 'udp', host, port: 5060 }, () => {})
    if (count % 500 === 0) await clock.advance(2_000)
  }
  await clock.advance(200_000)
  expect(caller.agent.counters.received).toBeGreaterThan(1_000)
  expect(caller.agent.counters.malformed).toBeGreaterThan(100)
})
