import { expect, test } from 'vitest'
import { type LoudStretch, SpeechGate } from './speech-gate.ts'

const nothing: LoudStretch = { onsetSample: -1, loudUntilSample: -1 }

function gateWith(level = 0) {
  const news: string[] = []
  const gate = new SpeechGate(
    level,
    { excessDb: () => 99, isTalking: () => false },
    {
      onSpeechStarted: (sample) => news.push(`start ${sample}`),
      onSpeechStopped: (sample) => news.push(`stop ${sample}`),
    },
  )
  let window = 0
  const feed = (probabilities: readonly number[], db = -20, energy = nothing) => {
    for (const probability of probabilities) {
      gate.onWindow(probability, db, window * 256, energy)
      window += 1
    }
  }
  return { gate, news, feed }
}

test('one voiced window is not speech, two are, dated from the first', () => {
  const { news, feed } = gateWith()
  feed([0.1, 0.9, 0.1, 0.9])
  expect(news).toEqual([])
  feed([0.9])
  expect(news).toEqual(['start 768'])
})

test('speech survives two unvoiced windows and ends with three, dated at the last voiced one', () => {
  const { news, feed } = gateWith()
  feed([0.9, 0.9, 0.1, 0.1, 0.9, 0.1, 0.1])
  expect(news).toEqual(['start 0'])
  feed([0.1])
  expect(news).toEqual(['start 0', 'stop 1280'])
})

test('two unvoiced windows end speech when the sound ended 96 ms ago, and not when it ended just now', () => {
  const quiet = gateWith()
  quiet.feed([0.9, 0.9, 0.9, 0.1, 0.1], -20, { onsetSample: 0, loudUntilSample: 512 })
  expect(quiet.news).toEqual(['start 0', 'stop 512'])
  const recent = gateWith()
  recent.feed([0.9, 0.9, 0.9, 0.1, 0.1], -20, { onsetSample: 0, loudUntilSample: 768 })
  expect(recent.news).toEqual(['start 0'])
})

test('it is easier to stay voiced than to become it', () => {
  const { news, feed } = gateWith()
  feed([0.4, 0.4, 0.4])
  expect(news).toEqual([])
  feed([0.9, 0.9, 0.4, 0.4, 0.4, 0.4])
  expect(news).toEqual(['start 768'])
})

test('energy dates the onset when it is near, and not when it is far', () => {
  const near = gateWith()
  near.feed([0.1, 0.1, 0.1, 0.9, 0.9], -20, { onsetSample: 480, loudUntilSample: -1 })
  expect(near.news).toEqual(['start 480'])
  const far = gateWith()
  far.feed([0.1, 0.1, 0.1, 0.1, 0.1, 0.9, 0.9], -20, { onsetSample: 160, loudUntilSample: -1 })
  expect(far.news).toEqual(['start 1280'])
})

test('missing audio is silence once it lasts sixty milliseconds', () => {
  const { gate, news, feed } = gateWith()
  feed([0.9, 0.9])
  gate.onMissing(50)
  gate.onMissing(90)
  expect(news).toEqual(['start 0'])
  gate.onMissing(96)
  expect(news).toEqual(['start 0', 'stop 512'])
  gate.onMissing(500)
  expect(news.length).toBe(2)
})

test('with suppression quiet windows count only until the caller was heard', () => {
  const { news, feed } = gateWith(2)
  feed([0.9, 0.9, 0.1, 0.1, 0.1], -50)
  expect(news.length).toBe(2)
  feed([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1], -15)
  expect(news.length).toBe(4)
  feed([0.9, 0.9, 0.9, 0.9], -50)
  expect(news.length).toBe(4)
})
