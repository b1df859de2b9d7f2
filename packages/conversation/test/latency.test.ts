import { expect, test } from 'vitest'
import { policy, Stage } from './stage.ts'

test.each([
  // depth = max(100, 120) + 250 + 100 = 470 (a first chunk of one token's worth of text)
  { holdMs: 300, expectedMs: 470 },
  { holdMs: 500, expectedMs: 500 },
  { holdMs: 700, expectedMs: 700 },
])(
  'with a hold of $holdMs ms the reply is audible $expectedMs ms after the last word',
  async ({ holdMs, expectedMs }) => {
    await using stage = new Stage({
      turn: { endpointing: { ...policy.endpointing, timeoutMs: holdMs } },
      lines: ['I want to cancel my order'],
    })
    await stage.start()
    const stoppedAtMs = await stage.speak()
    await stage.clock.advance(2000)
    expect((stage.media.audibleAtMs() ?? 0) - stoppedAtMs).toBe(expectedMs)
    expect(stage.chatModel.requests).toHaveLength(1)
  },
)

test.each([
  { holdMs: 300, expectedMs: 520 },
  { holdMs: 500, expectedMs: 520 },
  { holdMs: 700, expectedMs: 700 },
])('with 60 tokens/s and a hold of $holdMs ms it is $expectedMs ms', async ({ holdMs, expectedMs }) => {
  await using stage = new Stage({
    turn: { endpointing: { ...policy.endpointing, timeoutMs: holdMs } },
    lines: ['I want to cancel my order'],
    model: { tokenMs: 50 / 3 },
  })
  await stage.start()
  const stoppedAtMs = await stage.speak()
  await stage.clock.advance(2000)
  expect((stage.media.audibleAtMs() ?? 0) - stoppedAtMs).toBeCloseTo(expectedMs, 3)
})

test('a text greeting rendered while ringing is audible at the answer', async () => {
  await using stage = new Stage({
    spec: { greeting: { kind: 'text', text: 'Hello, this is Parley. How can I help?' } },
  })
  stage.talk.prewarm()
  await stage.clock.advance(3000)
  await stage.start()
  expect(stage.media.audibleAtMs()).toBe(4000)
  expect(stage.synthesizer.texts).toEqual(['Hello, this is Parley.', 'How can I help?'])
})

test('without pre-warming a greeting needs the time of the voice', async () => {
  await using stage = new Stage({ spec: { greeting: { kind: 'text', text: 'Hello there.' }, greetingDelayMs: 1000 } })
  await stage.start()
  await stage.clock.advance(2000)
  expect(stage.media.audibleAtMs()).toBe(2100)
})

test('the timings of a turn tell every stage', async () => {
  await using stage = new Stage({ lines: ['I want to cancel my order'] })
  await stage.start()
  const stoppedAtMs = await stage.speak()
  await stage.clock.advance(5000)
  const [completed] = stage.reported('turn.completed')
  expect(completed?.timings).toEqual({
    turn: 1,
    generation: 1,
    userStoppedAtMs: stoppedAtMs,
    speculatedAtMs: stoppedAtMs + 120,
    transcriptFinalAtMs: stoppedAtMs + 180,
    endpointAtMs: stoppedAtMs + 500,
    modelRequestAtMs: stoppedAtMs + 120,
    modelFirstTokenAtMs: stoppedAtMs + 370,
    modelLastTokenAtMs: stoppedAtMs + 370,
    synthesisRequestAtMs: stoppedAtMs + 370,
    synthesisFirstAudioAtMs: stoppedAtMs + 470,
    firstPacketAtMs: stoppedAtMs + 500,
    discarded: 0,
  })
})
