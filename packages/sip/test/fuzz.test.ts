import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { FramingError, StreamFramer } from '../src/embedded/transport/stream-framer.ts'
import { feedFramer, feedParser, fuzzCall } from './fuzz/fuzz-targets.ts'
import { MessageMutator } from './fuzz/message-mutator.ts'
import { seedMessages, talkMessages } from './fuzz/seed-messages.ts'
import { receiveMs, worstCase, worstCases } from './fuzz/worst-cases.ts'
import { tortureMessage } from './support/torture-messages.ts'

/** `FUZZ_SEED=n` tries other messages. */
const seed = Number(process.env.FUZZ_SEED ?? 4_475)
const parserBudget = 40_000
const streamBudget = 4_000
const callBudget = 4_000

test(`seed ${seed}: ${parserBudget} damaged messages neither throw nor hang, and what is accepted can be read again`, async () => {
  const mutator = new MessageMutator(new SeededRandom(seed), [...seedMessages, ...(await talkMessages())])
  let accepted = 0
  for (let count = 0; count < parserBudget; count += 1) {
    const bytes = mutator.next()
    try {
      if (feedParser(bytes)) accepted += 1
    } catch (error) {
      throw new Error(`seed ${seed}, message ${count}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error })
    }
  }
  // The damage is not so great that only the first checks of the parser are reached.
  expect(accepted).toBeGreaterThan(parserBudget / 10)
})

test(`seed ${seed}: damaged streams cut anywhere end by an error of their own or not at all`, () => {
  const random = new SeededRandom(seed)
  const mutator = new MessageMutator(random, seedMessages)
  for (let count = 0; count < streamBudget; count += 1) {
    const bytes = Buffer.concat([mutator.next(), mutator.next(), mutator.next()])
    expect(() => feedFramer(bytes, random), `seed ${seed}, stream ${count}`).not.toThrow()
  }
})

test.each([seed, seed + 1])(
  `seed %i: user agents in a call survive ${callBudget} damaged messages of it and forget them`,
  async (ofCall) => {
    await fuzzCall(new SeededRandom(ofCall), callBudget)
  },
)

test('a stream cut anywhere gives the same messages', () => {
  const random = new SeededRandom(18_3)
  const parts = [tortureMessage('wsinv'), Buffer.from('\r\n\r\n'), tortureMessage('intmeth'), tortureMessage('sdp01')]
  const whole = Buffer.concat(parts)
  for (let count = 0; count < 500; count += 1) {
    const framer = new StreamFramer()
    const messages: Buffer[] = []
    for (let at = 0; at < whole.length; ) {
      const next = Math.min(whole.length, at + random.between(1, 400))
      for (const frame of framer.push(whole.subarray(at, next))) {
        if (frame.kind === 'message') messages.push(frame.bytes)
      }
      at = next
    }
    expect(messages).toEqual([parts[0], parts[2], parts[3]])
    expect(framer.isMidMessage).toBe(false)
  }
})

describe('a stream is given up', () => {
  const head = 'OPTIONS sip:a@b SIP/2.0\r\n'
  test.each([
    ['with a head that never ends', Buffer.alloc(70_000, 65)],
    ['with a message beyond 64 KiB', Buffer.from(`${head}Content-Length: 65536\r\n\r\n`)],
    ['with a negative length', Buffer.from(`${head}l: -1\r\n\r\n`)],
    ['with two lengths', Buffer.from(`${head}Content-Length: 1\r\nl: 1\r\n\r\nx`)],
    ['with a length that is no number', Buffer.from(`${head}Content-Length: 1e2\r\n\r\n`)],
  ])('%s', (_name, bytes) => {
    expect(() => new StreamFramer().push(bytes)).toThrow(FramingError)
  })

  test('when a message comes byte by byte for too long, though not when messages come so', () => {
    const slow = new StreamFramer()
    const push = (framer: StreamFramer, text: string) => [...text].flatMap((char) => framer.push(Buffer.from(char)))
    const short = `${head}Content-Length: 3\r\n\r\nabc`
    for (let count = 0; count < 100; count += 1) expect(push(slow, short)).toHaveLength(1)
    expect(() => push(slow, `${head}X: ${'y'.repeat(2_000)}`)).toThrow(FramingError)
  })
})

test.each(Object.keys(worstCases))('%s: four times the bytes take no more than linear time', async (name) => {
  // CPU time of this thread: a busy machine makes time pass, not work.
  const now = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1_000
  }
  const largeMs = await receiveMs(worstCase(name, 64_000), 8, now)
  const smallMs = await receiveMs(worstCase(name, 16_000), 8, now)
  // Linear is a ratio of 4, quadratic 16; below some ms it says nothing.
  expect(largeMs < 8 || largeMs / smallMs < 10, `${smallMs.toFixed(2)} and ${largeMs.toFixed(2)} ms`).toBe(true)
})
