import { expect, test } from 'vitest'
import { type LoudStretch, SpeechGate } from './speech-gate.ts'

const nothing: LoudStretch = { onsetSample: -1, loudUntilSample: -1 }

function gateWith(level = 0) {
  const news: string[] = []
  /** How far the sound is above the echo, and whether the assistant speaks. */
  const line = { excess: 99, talking: false, excessDb: () => line.excess, isTalking: () => line.talking }
  const gate = new SpeechGate(level, line, {
    onSpeechStarted: (sample) => news.push(`start ${sample}`),
    onSpeechStopped: (sample) => news.push(`stop ${sample}`),
  })
  let window = 0
  const feed = (probabilities: readonly number[], db = -20, energy = nothing, voicing = 0) => {
    for (const probability of probabilities) {
      gate.onWindow(probability, db, window * 256, energy, voicing)
      window += 1
    }
  }
  return { gate, news, feed, line }
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

test('a window that is surely a vowel is enough, a noise as sure is not', () => {
  const vowel = gateWith()
  vowel.feed([0.1, 0.95], -20, nothing, 0.9)
  expect(vowel.news).toEqual(['start 256'])
  const noise = gateWith()
  noise.feed([0.1, 0.95, 0.1], -20, nothing, 0.3)
  expect(noise.news).toEqual([])
})

test('windows the detector is not sure of need to be four', () => {
  const { news, feed } = gateWith()
  feed([0.6, 0.7, 0.6])
  expect(news).toEqual([])
  feed([0.6])
  expect(news).toEqual(['start 0'])
})

test('what our own echo explains is no evidence, and parts evidence without ending it', () => {
  const { news, feed, line } = gateWith()
  line.excess = 4
  feed([0.95, 0.95, 0.95, 0.95], -20, nothing, 0.9)
  expect(news).toEqual([])
  line.excess = 8
  feed([0.95], -20, nothing, 0.9)
  line.excess = 2
  feed([0.95, 0.95])
  expect(news).toEqual([])
  line.excess = 8
  feed([0.95])
  expect(news).toEqual(['start 1024'])
})

test('speech goes on where it is less clearly above the echo than it had to be at first', () => {
  const { news, feed, line } = gateWith()
  line.excess = 15
  feed([0.9, 0.9])
  line.excess = 4
  feed([0.9, 0.9, 0.9, 0.9])
  expect(news).toEqual(['start 0'])
  line.excess = 0
  feed([0.9, 0.9, 0.9, 0.9])
  expect(news).toEqual(['start 0'])
  feed([0.9])
  expect(news).toEqual(['start 0', 'stop 1536'])
})

const sure = (windows: number) => Array<number>(windows).fill(0.95)

test('over the assistant only a voice about as loud as the caller is his', () => {
  const { news, feed, line } = gateWith()
  feed([...sure(40), 0, 0, 0], -15)
  expect(news.length).toBe(2)
  line.talking = true
  feed([...sure(40), 0, 0, 0], -30)
  expect(news.length).toBe(2)
  feed([...sure(10), 0, 0, 0], -21)
  expect(news.length).toBe(4)
  line.talking = false
  feed([...sure(10), 0, 0, 0], -30)
  expect(news.length).toBe(6)
})

test('a caller whose level fell is heard over the assistant again after three seconds of his own turn', () => {
  const { news, feed, line } = gateWith()
  feed([...sure(60), 0, 0, 0], -15)
  feed([...sure(94), 0, 0, 0], -35)
  line.talking = true
  feed(sure(4), -35)
  expect(news.length).toBe(5)
})

test('with suppression a caller whose level fell is heard again after three seconds', () => {
  const { news, feed } = gateWith(2)
  feed([...sure(40), 0, 0, 0], -15)
  feed(sure(40), -35)
  expect(news.length).toBe(2)
  feed(sure(54), -35)
  expect(news.length).toBe(3)
})

test('a murmur that turns into the caller is dated shortly before it became loud', () => {
  const { news, feed, line } = gateWith()
  feed([...sure(40), 0, 0, 0], -15)
  line.talking = true
  feed(sure(40), -30)
  feed(sure(1), -16)
  expect(news.at(-1)).toBe(`start ${(43 + 39 - 4) * 256}`)
})
