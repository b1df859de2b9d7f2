import type { SayRequest } from '@parley/core'
import { expect, test } from 'vitest'
import { Stage } from './stage.ts'

/** Four seconds. */
const sound: SayRequest = {
  text: '',
  audio: new Int16Array(32_000).fill(1_000),
  interrupt: true,
  endCallAfter: false,
  whenBusy: 'queue',
  interruptible: true,
  remember: false,
}

test('a sound is played at once, is in no transcript, and the talk goes on after it', async () => {
  await using stage = new Stage({
    spec: { greeting: { kind: 'text', text: 'Hello there, this is a greeting that takes its time.' } },
    lines: ['I want to cancel my order'],
    reply: () => 'Sure.',
  })
  await stage.start()
  await stage.clock.advance(500)
  stage.talk.say(sound)
  await stage.clock.advance(5_000)
  await stage.speak()
  await stage.clock.advance(6_000)
  const said = stage.reported('assistant.said')
  expect(said.map(({ source, interrupted }) => [source, interrupted])).toEqual([
    ['greeting', true],
    ['reply', false],
  ])
  expect(stage.talk.history.at(-1)).toEqual({ role: 'assistant', text: 'Sure.' })
})

test('a sound may end the call when it is over, and not before', async () => {
  await using stage = new Stage({})
  await stage.start()
  stage.talk.say({ ...sound, endCallAfter: true })
  await stage.clock.advance(3_900)
  expect(stage.end).toBeUndefined()
  await stage.clock.advance(500)
  expect(stage.end).toEqual({ kind: 'sayEnded' })
})

test('the caller interrupts a sound as anything that is said, unless that is forbidden', async () => {
  for (const interruptible of [true, false]) {
    await using stage = new Stage({ lines: ['wait please stop that'], reply: () => 'Yes?' })
    await stage.start()
    stage.talk.say({ ...sound, audio: new Int16Array(160_000).fill(1_000), interruptible })
    await stage.clock.advance(1_000)
    await stage.speak()
    await stage.clock.advance(4_000)
    expect(stage.said().includes('reply: Yes?')).toBe(interruptible)
  }
})
