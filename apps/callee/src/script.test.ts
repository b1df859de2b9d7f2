import { expect, test } from 'vitest'
import { parseScript } from './script.ts'

test('a script of every step becomes plain steps in milliseconds', () => {
  const script = parseScript(`
answer: { after: 800ms }
codec: pcmu
steps:
  - wait: { heard: end, silence: 600ms, timeout: 15s }
  - say: { text: "yes that is right" }
  - say: { parts: [{ clip: cards-001.wav }, { pause: 450ms }, { text: hello }], gainDb: -6 }
  - interrupt: { after: 1200ms, text: "no stop" }
  - pause: 0.5s
  - dtmf: "12#"
  - hold: { for: 1s }
  - hangup: true
ends: peer
`)
  expect(script.answer?.after).toBe(800)
  expect(script.steps).toMatchObject([
    { kind: 'wait', heard: 'end', silenceMs: 600, timeoutMs: 15_000 },
    { kind: 'say', parts: [{ kind: 'text', text: 'yes that is right' }], gainDb: 0 },
    { kind: 'say', parts: [{ kind: 'clip' }, { kind: 'pause', pauseMs: 450 }, { kind: 'text' }], gainDb: -6 },
    { kind: 'interrupt', afterMs: 1200 },
    { kind: 'silence', ms: 500 },
    { kind: 'dtmf', keys: '12#' },
    { kind: 'hold', ms: 1000, mode: 'sendonly' },
    { kind: 'hangup' },
  ])
})

test('all problems of a script are told at once', () => {
  const wrong = `
codec: opus
steps:
  - say: { text: hello, clip: cards-001.wav }
  - dance: true
  - pause: soon
`
  expect(() => parseScript(wrong)).toThrow(/codec.*steps\.0.*steps\.1.*steps\.2/s)
})

test('a phone cannot both be busy and answer', () => {
  expect(() => parseScript({ busy: true, answer: {} })).toThrow(/only one of/)
})

test('a step with two keys is refused', () => {
  expect(() => parseScript({ steps: [{ pause: 100, hangup: true }] })).toThrow(/exactly one key/)
})
