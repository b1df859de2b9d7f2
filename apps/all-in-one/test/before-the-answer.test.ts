import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finishedCdr } from './placed-call.ts'
import { startTestHouse, type TestHouse } from './test-house.ts'

const cannotComplete = '{ clip: asterisk8k-en-cannot-complete-as-dialed.wav }'
const busyTone = '{ tone: { hz: [450], on: 350ms, off: 350ms, times: 20 } }'

const scripts = {
  '0001': `early: { parts: [{ pause: 300ms }, ${busyTone}] }\nreject: { status: 480, after: 4s }`,
  '0002': `early: { parts: [{ pause: 300ms }, ${busyTone}] }\nnever: true`,
  '0003': `early: { parts: [{ pause: 500ms }, ${cannotComplete}, { pause: 1s }, ${cannotComplete}] }\nreject: { status: 503, after: 9s }`,
  '0004': `early: { parts: [{ tone: { hz: [440, 480], on: 2s, off: 4s, times: 2 } }] }\nreject: { status: 480, after: 7s }`,
  '0005': mailbox(
    '{ text: "hello you have reached the office" }, { pause: 400ms }, { tone: { hz: [1000], on: 500ms } }',
  ),
  '0006': mailbox(
    `{ text: "hello you have reached the office of miller and sons we are at lunch and will be back in half an hour or so if this is about the order of last week then look at our web site please" }`,
  ),
}

/** A machine: it talks at once and does not listen. */
function mailbox(greeting: string): string {
  return `answer: { after: 300ms }\nsteps:\n  - pause: 400ms\n  - say: { parts: [${greeting}] }\n  - silence: 20s`
}

let house: TestHouse
beforeAll(async () => {
  house = await startTestHouse(scripts, {
    trunk: { media: { earlyMedia: 'words' } },
    config: () => ({ answeringMachine: { message: 'This is the practice. Please call us back today.' } }),
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

async function outcomeOf(digits: string, more = {}) {
  const session = await house.call(digits, { MaxRingTimeoutSecond: 30, ...more })
  const cdr = await finishedCdr(house.client, session, 60_000)
  return cdr.EndStatusString
}

describe.concurrent('what is heard before a person could answer', { timeout: 70_000 }, () => {
  test('a busy tone explains a vague refusal', async () => {
    expect(await outcomeOf('0001')).toBe('busy')
  })

  test('a busy tone that nobody ends is ended', async () => {
    expect(await outcomeOf('0002')).toBe('busy')
  })

  test('the words of an announcement are understood', async () => {
    expect(await outcomeOf('0003')).toBe('numberNotExist')
  })

  test('a ring-back tone says nothing', async () => {
    expect(await outcomeOf('0004')).toBe('notAnswer')
  })
})

describe.concurrent('an answering machine', { timeout: 70_000 }, () => {
  const detect = { EnableVoicemailDetection: true }

  test('is known by its beep, and is left the message after it', async () => {
    expect(await outcomeOf('0005', detect)).toBe('voiceMailReached')
    const report = await house.seen.find(({ digits }) => digits === '0005')?.call.ended
    const beepEndedNs = report?.spoken[0]?.lastSpeechPacketSentNs ?? Number.NaN
    const saidMs = (report?.heard ?? []).reduce(
      (sum, { startNs, endNs }) => sum + Math.max(0, endNs - Math.max(startNs, beepEndedNs)) / 1e6,
      0,
    )
    expect(saidMs).toBeGreaterThan(1_500)
    expect(report?.endedBy).toBe('peer')
  })

  test('is known by a greeting that no person would say in one breath', async () => {
    expect(await outcomeOf('0006', detect)).toBe('voiceMailReached')
  })
})
