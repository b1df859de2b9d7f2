import type { SeededRandom } from '../../seeded-random.ts'
import { type Act, type Moment, noiseKinds, type Scenario } from '../scenario/scenario.ts'

const questions = ['How can I help you?', 'What is your phone number please?', 'Shall I send it to you?', 'Hello.', '']
const replies = [
  'Sure, I can do that. It will take about five days.',
  'Yes. Shall I send it?',
  'It costs twenty euros a month, which is what you paid before.',
  'One moment.',
]
const sayings = [
  'I want to',
  'cancel my order please.',
  'yes',
  'no',
  'what does it cost?',
  'four seven one two',
  'My heating does not work,',
  'and the',
  'thank you',
]
const noises = ['mhm', 'okay', 'yeah', 'uh-huh']
const demands = ['stop', 'wait, not that one', 'no, I said Thursday', 'what about the other one?']

const pick = <T>(random: SeededRandom, items: readonly T[]): T => items[random.below(items.length)] as T

function moment(random: SeededRandom): Moment | null {
  const dice = random.next()
  if (dice < 0.4) return { by: 'word', word: 1 + random.below(8) }
  if (dice < 0.6) return { by: 'share', share: random.next() }
  return dice < 0.8 ? { by: 'time', afterMs: random.below(600) } : null
}

const makers: readonly ((random: SeededRandom) => Act)[] = [
  (random) => ({ kind: 'say', text: pick(random, sayings), clip: null, label: 'eot' }),
  (random) => ({ kind: 'say', text: pick(random, sayings), clip: null, label: 'hold' }),
  (random) => ({ kind: 'pause', ms: pick(random, [60, 150, 300, 450, 600, 900]), label: 'hold' }),
  (random) => ({ kind: 'silence', ms: pick(random, [100, 400, 900, 2_000]) }),
  (random) => ({ kind: 'heard', what: pick(random, ['start', 'end'] as const) }),
  (random) => ({
    kind: 'interrupt',
    text: pick(random, demands),
    clip: null,
    soft: random.next() < 0.3,
    when: moment(random),
    label: 'bargein',
  }),
  (random) => ({
    kind: 'backchannel',
    text: pick(random, noises),
    count: 1 + random.below(2),
    gapMs: 400,
    when: moment(random),
    label: 'ignore',
  }),
  (random) => ({
    kind: 'noise',
    noise: pick(random, noiseKinds),
    snrDb: random.below(25),
    ms: 50 + random.below(900),
    when: random.next() < 0.5 ? moment(random) : null,
    label: 'ignore',
  }),
  (random) => ({ kind: 'other_talk', text: 'the keys are there', levelDb: -15, when: moment(random), label: 'ignore' }),
  (random) => ({ kind: 'assistant', text: pick(random, replies) }),
  () => ({ kind: 'dtmf', keys: '5' }),
  (random) => ({ kind: 'echo', delayMs: random.below(400), erlDb: 6 + random.below(20), tailMs: 60 }),
]

/** A talk without rhyme or reason: anything may follow anything. */
export function randomTalk(random: SeededRandom, seed: number): Scenario {
  return {
    id: `storm-${seed}`,
    set: 'regressions',
    language: 'en',
    greeting: pick(random, questions),
    greetingDelayMs: pick(random, [0, 0, 400]),
    greetingInterruptible: random.next() < 0.7,
    acts: Array.from({ length: 2 + random.below(4) }, () => pick(random, makers)(random)),
    outcome: 'answered',
    tags: {},
  }
}
