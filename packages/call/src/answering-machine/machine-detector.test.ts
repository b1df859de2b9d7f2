import type { ToneName } from '@parley/core'
import { expect, test } from 'vitest'
import { type MachineEvidence, type MachineWatchEvent, newMachineWatch, watchForMachine } from './machine-detector.ts'

type Line = readonly MachineWatchEvent[]

/** Voice from `fromMs` to `toMs` after the answer. */
const voice = (fromMs: number, toMs: number): MachineWatchEvent[] => [
  { type: 'speech.started', onsetAtMs: fromMs, atMs: fromMs + 100 },
  ...(toMs - fromMs > 6_000 ? [{ type: 'tick', atMs: fromMs + 6_000 } as const] : []),
  { type: 'speech.stopped', lastVoiceAtMs: toMs, atMs: toMs + 200 },
]
const words = (text: string, atMs: number): MachineWatchEvent => ({ type: 'words', text, atMs })
const tone = (name: ToneName, atMs: number): MachineWatchEvent => ({ type: 'tone', tone: name, atMs })

function verdict(events: Line): MachineEvidence | undefined {
  let watch = newMachineWatch(0)
  for (const event of events) {
    const [next, evidence] = watchForMachine(watch, event)
    if (evidence) return evidence
    watch = next
  }
  return undefined
}

test.each<[string, Line, MachineEvidence]>([
  ['a greeting and a beep', [...voice(300, 3_500), tone('beep', 4_200)], 'beep'],
  ['a beep into the greeting', [...voice(300, 3_500).slice(0, 1), tone('beep', 2_000)], 'beep'],
  ['a long greeting without a pause', voice(200, 8_000), 'cadence'],
  [
    'a long greeting with short pauses',
    [...voice(200, 2_800), ...voice(3_400, 5_000), ...voice(5_500, 9_000)],
    'cadence',
  ],
  ['a fax', [tone('fax', 900)], 'fax'],
  ['words of a mailbox', [...voice(300, 2_500), words("hi you've reached the voicemail of Ann", 2_600)], 'words'],
  [
    'words after a pause',
    [
      ...voice(300, 900),
      words('hello', 950),
      ...voice(3_000, 5_000),
      words('please leave a message after the tone', 5_000),
    ],
    'words',
  ],
  ['Chinese words', [...voice(300, 2_500), words('您好，请在嘀声之后留言', 2_600)], 'words'],
])('a machine is known by %s', (_name, events, evidence) => {
  expect(verdict(events)).toBe(evidence)
})

test.each<[string, Line]>([
  ['"hello?"', [...voice(300, 900), words('hello', 950)]],
  [
    'a business that greets for four seconds',
    [...voice(200, 4_200), words('good morning doctor smith speaking how can i help you', 4_300)],
  ],
  ['a person who talks long once the talk has begun', [...voice(300, 900), ...voice(3_000, 14_000)]],
  [
    'a person who asks to leave a message',
    [...voice(300, 900), ...voice(6_000, 8_000), words('could i leave a message for him', 8_100)],
  ],
  ['a microwave oven before any word', [tone('beep', 700), ...voice(1_500, 2_000)]],
  ['a beep of the lift ten words later', [...voice(300, 700), ...voice(4_000, 5_000), tone('ringback', 6_000)]],
  [
    'a mailbox mentioned after the first half minute',
    [...voice(300, 900), words('leave a message after the tone', 31_000)],
  ],
])('a person is %s', (_name, events) => {
  expect(verdict(events)).toBeUndefined()
})
