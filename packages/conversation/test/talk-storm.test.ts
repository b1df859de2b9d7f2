import { VoiceError } from '@parley/core'
import { type ScriptedReply, SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { policy, Stage, type StageOptions } from './stage.ts'

const talks = 60
const lines = [
  'I want to',
  'cancel my order',
  'yes',
  'mhm',
  'stop',
  'what does it cost',
  'twenty five',
  '',
  null,
] as const
const replies: readonly ScriptedReply[] = [
  'Sure, I can do that for you. It will take about five days, and you get a letter.',
  'Yes. Shall I send it?',
  'It costs 1,024.50 dollars a month, which is what you paid before.',
  '',
  [
    { type: 'text', text: 'Goodbye.' },
    { type: 'toolCall', name: 'end_call', arguments: '{}' },
  ],
]

function optionsOf(random: SeededRandom): StageOptions {
  const failing = random.next() < 0.15
  return {
    lines: Array.from({ length: 40 }, () => random.pick(lines)),
    reply: () => (failing && random.next() < 0.3 ? new VoiceError('LLM_UNAVAILABLE') : random.pick(replies)),
    model: { firstTokenMs: random.pick([50, 250, 900, 3000]), tokenMs: random.pick([0, 17, 60]) },
    voice: {
      firstAudioMs: random.pick([0, 100, 400]),
      failure: () => (failing && random.next() < 0.05 ? new VoiceError('TTS_FAILED') : undefined),
    },
    spec: {
      greeting: random.pick([{ kind: 'none' }, { kind: 'text', text: 'Hello, this is Parley.' }, { kind: 'generate' }]),
      greetingInterruptible: random.next() < 0.6,
    },
    turn: {
      endpointing: { ...policy.endpointing, timeoutMs: random.pick([240, 500, 1000]) },
      bargeIn: { ...policy.bargeIn, speechMs: random.pick([null, 300, 500]) },
      filler: random.pick([null, { afterMs: 500, words: ['One moment.'] }]),
      silencePrompt: { afterMs: 3000, text: 'Are you still there?', maxCount: 2 },
      userSilenceLimitMs: 20_000,
    },
  }
}

async function talk(seed: number): Promise<void> {
  const random = new SeededRandom(seed)
  const stage = new Stage(optionsOf(random))
  if (random.next() < 0.5) stage.talk.prewarm()
  await stage.start()
  for (let count = 0; count < 12 && !stage.end; count += 1) {
    await act(stage, random)
    await stage.clock.advance(random.pick([0, 130, 400, 700, 2500]))
  }
  // Whatever happened: within the limits the talk comes to its end.
  for (let waited = 0; waited < 60 && !stage.end; waited += 1) await stage.clock.advance(1000)
  if (!stage.end) throw new Error('the talk does not end')
  const sent = stage.media.sent.length
  await stage.talk[Symbol.asyncDispose]()
  await stage.clock.advance(20_000)
  check(stage)
  if (stage.media.sent.length > sent + 1) throw new Error('audio after the end')
}

async function act(stage: Stage, random: SeededRandom): Promise<void> {
  const dice = random.next()
  const interrupt = random.next() < 0.5
  if (dice < 0.75) await stage.speak(random.pick([150, 300, 700, 1500]))
  else if (dice < 0.85) {
    const whenBusy = random.pick(['drop', 'queue'] as const)
    stage.talk.say({
      text: 'Please note.',
      interrupt,
      endCallAfter: false,
      whenBusy,
      interruptible: random.next() < 0.5,
      remember: true,
    })
  } else if (dice < 0.92) stage.talk.ask({ text: 'Offer a discount.', interrupt })
  else stage.media.press('5')
}

function check(stage: Stage): void {
  const { media, reports, clock } = stage
  if (media.misplaced.length > 0) throw new Error(`audio of generations ${media.misplaced} without the floor`)
  if (stage.ends !== 1) throw new Error(`ended ${stage.ends} times`)
  if (clock.pendingTimers > 0) throw new Error(`${clock.pendingTimers} timers left`)
  const order = media.sent.map((packet) => packet.generation)
  if (order.some((generation, index) => generation < (order[index - 1] ?? 0))) {
    // A filler is younger than the reply that follows it; nothing else may come back.
    const runs = order.filter((generation, index) => generation !== order[index - 1])
    if (new Set(runs).size !== runs.length) throw new Error('a generation came back')
  }
  const said = reports.filter((body) => body.type === 'assistant.said')
  for (const body of said) {
    if (!body.intended.startsWith(body.heard)) throw new Error('heard what was not said')
    if (!body.interrupted && body.heard !== body.intended) throw new Error('finished but not heard')
    if (body.toMs < body.fromMs) throw new Error('an utterance ends before it begins')
  }
  const told = said.filter((body) => body.remember).map((body) => body.heard)
  const kept = stage.talk.history.filter(({ role }) => role === 'assistant').map(({ text }) => text)
  expect(kept).toEqual(told)
}

test(`${talks} random talks on fakes keep every invariant`, async () => {
  for (let seed = 1; seed <= talks; seed += 1) {
    await talk(seed).catch((error: unknown) => {
      expect.fail(`seed ${seed}: ${error instanceof Error ? error.message : error}`)
    })
  }
})
