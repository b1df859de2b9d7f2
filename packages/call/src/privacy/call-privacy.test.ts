import { type CallEventBody, type PrivacyRules, turnId } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { CallPrivacy } from './call-privacy.ts'

const rules: PrivacyRules = { digits: true, minDigits: 4, patterns: [/[\w.]+@[\w.]+/giu], keepPausedTranscript: false }

const said = (text: string, fromMs = 0, toMs = 100): CallEventBody => ({
  type: 'user.said',
  turn: turnId(1),
  text,
  fromMs,
  toMs,
})
const answered = (text: string, interrupted = false): CallEventBody => ({
  type: 'assistant.said',
  turn: turnId(1),
  heard: text,
  intended: `${text} 5678`,
  interrupted,
  fromMs: 0,
  toMs: 100,
  source: 'reply',
  remember: true,
})

const span = (fromMs: number, toMs = fromMs) => ({ fromMs, toMs })
const now = span(0)

test('texts of both sides, words in progress and keys are masked; other events pass', () => {
  const privacy = new CallPrivacy(new VirtualClock(), rules)
  expect(privacy.shown(said('1234 or a.b@c.de'))).toMatchObject({ text: '**** or ***' })
  expect(privacy.shown(answered('you said 1234'))).toMatchObject({
    heard: 'you said ****',
    intended: 'you said **** ****',
  })
  expect(privacy.words('one two three four', now)).toBe('* * * *')
  expect(privacy.shown({ type: 'dtmf', key: '7', atMs: 1 })).toMatchObject({ key: 'X' })
  expect(privacy.shown({ type: 'call.ringing' })).toEqual({ type: 'call.ringing' })
})

test('without rules everything is shown as it is', () => {
  const privacy = new CallPrivacy(new VirtualClock(), undefined)
  expect(privacy.shown(said('1234'))).toEqual(said('1234'))
  expect(privacy.words('1234', now)).toBe('1234')
})

test('what was said while recording was paused, even in part, is not shown', async () => {
  const clock = new VirtualClock()
  const privacy = new CallPrivacy(clock, undefined)
  privacy.begin(0)
  await clock.advance(1_000)
  expect([privacy.setPaused(true), privacy.setPaused(true)]).toEqual([true, false])
  expect(privacy.words('my password', span(1_000))).toBeUndefined()
  expect(privacy.shown({ type: 'dtmf', key: '7', atMs: 1 })).toBeUndefined()
  await clock.advance(1_000)
  expect(privacy.setPaused(false)).toBe(true)
  expect(privacy.shown(said('before', 0, 900))).toBeDefined()
  expect(privacy.shown(said('across the beginning', 900, 1_100))).toBeUndefined()
  expect(privacy.shown(said('within', 1_200, 1_300))).toBeUndefined()
  expect(privacy.shown(said('across the end', 1_900, 2_100))).toBeUndefined()
  expect(privacy.shown(said('after', 2_001, 2_500))).toBeDefined()
})

test('a number is not shown while it grows, nor where the assistant was cut off in it', () => {
  const privacy = new CallPrivacy(new VirtualClock(), rules)
  expect(privacy.words('it is 1', now)).toBe('it is *')
  expect(privacy.words('it is 123', now)).toBe('it is ***')
  expect(privacy.shown(answered('5 of 123', true))).toMatchObject({ heard: '5 of ***' })
})

test('words in progress that were said in a pause, even in part, are not shown after it either', async () => {
  const clock = new VirtualClock(500)
  const privacy = new CallPrivacy(clock, undefined)
  privacy.setPaused(true)
  await clock.advance(1_000)
  privacy.setPaused(false)
  await clock.advance(100)
  expect(privacy.words('my password is', span(1_000, 1_400))).toBeUndefined()
  expect(privacy.words('my password is blue and', span(1_400, 1_590))).toBeUndefined()
  expect(privacy.words('so', span(1_550, 1_590))).toBe('so')
})

test('by a setting the transcript of pauses is kept', async () => {
  const clock = new VirtualClock()
  const privacy = new CallPrivacy(clock, { ...rules, keepPausedTranscript: true })
  privacy.setPaused(true)
  expect(privacy.shown(said('hello'))).toBeDefined()
  expect(privacy.words('hello', now)).toBe('hello')
})
