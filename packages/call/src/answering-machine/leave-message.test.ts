import { generation, type MediaEvent } from '@parley/core'
import { FakeMedia, ToneSynthesizer, VirtualClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import { Announcer } from '../announcer.ts'
import { LeaveMessage } from './leave-message.ts'
import type { MachineEvidence } from './machine-detector.ts'

let clock: VirtualClock
let synthesizer: ToneSynthesizer
let leaving: LeaveMessage
let done: number[]

beforeEach(() => {
  clock = new VirtualClock()
  synthesizer = new ToneSynthesizer({ clock })
  done = []
})

function begin(evidence: MachineEvidence): void {
  const media = new FakeMedia(clock, (event) => leaving.media(event))
  let last = 0
  const nextGeneration = () => {
    last += 1
    return generation(last)
  }
  const announcer = new Announcer({ synthesizer, playout: media.playout, clock, language: 'en', nextGeneration })
  const onDone = () => done.push(clock.nowMs())
  leaving = new LeaveMessage({ announcer, clock, message: 'Please call back.', onDone }, evidence)
}

const heard = (event: Record<string, unknown>) => leaving.media({ atMs: clock.nowMs(), ...event } as MediaEvent)
const speechStarted = () => heard({ type: 'speech.started', onsetAtMs: clock.nowMs(), mediaMs: 0 })
const speechStopped = () => heard({ type: 'speech.stopped', lastVoiceAtMs: clock.nowMs(), mediaMs: 0 })

test('after a beep the message is said at once, and it is done when it was said', async () => {
  begin('beep')
  await clock.advance(0)
  expect(synthesizer.texts).toEqual(['Please call back.'])
  expect(done).toEqual([])
  await clock.advance(5_000)
  expect(done).toHaveLength(1)
})

test('a greeting that goes on is waited for, and its beep', async () => {
  begin('words')
  speechStarted()
  await clock.advance(8_000)
  expect(synthesizer.texts).toEqual([])
  speechStopped()
  await clock.advance(1_000)
  heard({ type: 'tone', tone: 'beep', onsetAtMs: clock.nowMs() })
  await clock.advance(0)
  expect(synthesizer.texts).toHaveLength(1)
})

test('a machine that does not beep gets it after its silence, once', async () => {
  begin('cadence')
  speechStarted()
  await clock.advance(1_000)
  speechStopped()
  await clock.advance(2_499)
  expect(synthesizer.texts).toEqual([])
  await clock.advance(1)
  expect(synthesizer.texts).toHaveLength(1)
  heard({ type: 'tone', tone: 'beep', onsetAtMs: clock.nowMs() })
  await clock.advance(10_000)
  expect(synthesizer.texts).toHaveLength(1)
  expect(done).toHaveLength(1)
})

test('one that talks for ever is given up, and one that hangs up is forgotten', async () => {
  begin('cadence')
  speechStarted()
  await clock.advance(45_000)
  expect([synthesizer.texts.length, done.length]).toEqual([0, 1])
  begin('words')
  leaving.stop()
  await clock.advance(60_000)
  expect([synthesizer.texts.length, done.length, clock.pendingTimers]).toEqual([0, 1, 0])
})
