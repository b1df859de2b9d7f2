import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { EchoPath } from './echo-path.ts'

const noiseDb = -62

/** Syllables and pauses: levels of 10 ms blocks, dBFS. */
function speechLevels(blocks: number, random: SeededRandom): number[] {
  const levels: number[] = []
  while (levels.length < blocks) {
    const peak = -random.between(14, 26)
    const length = random.between(8, 25)
    for (let i = 0; i < length; i += 1) levels.push(peak - 14 * Math.abs((2 * i) / length - 1) ** 3 - random.next() * 2)
    const pause = random.next() < 0.3 ? random.between(5, 40) : random.between(0, 4)
    for (let i = 0; i < pause; i += 1) levels.push(-80)
  }
  return levels.slice(0, blocks)
}

const sum = (...levels: readonly number[]) => 10 * Math.log10(levels.reduce((total, db) => total + 10 ** (db / 10), 0))

/** Feeds a path frame by frame. `heardOf` gives what is received in a block. */
function learn(
  path: EchoPath,
  sent: readonly number[],
  heardOf: (block: number) => number,
  isCallerHeard = false,
): void {
  for (let i = 0; i + 1 < sent.length; i += 2) {
    const heard = Float32Array.of(sum(heardOf(i), noiseDb), sum(heardOf(i + 1), noiseDb))
    const levels = [-2, -1, 0, 1].map((b) => sent[i + b] ?? -96)
    path.advance(heard, Float32Array.from(levels), noiseDb, isCallerHeard)
  }
}

function expectedDb(path: EchoPath): number {
  const levels = new Float32Array(2)
  path.expect(levels)
  return levels[1] as number
}

test.each([
  [2, 6],
  [6, 12],
  [15, 20],
  [30, 6],
  [40, 25],
])('an echo %i blocks late and %i dB weaker is found within three seconds', (delay, lossDb) => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const path = new EchoPath()
    const sent = speechLevels(300, new SeededRandom(seed))
    learn(path, sent, (i) => (sent[i - delay] ?? -96) - lossDb)
    expect(Math.abs(path.delayMs - delay * 10), `seed ${seed}`).toBeLessThanOrEqual(10)
    expect(Math.abs(path.lossDb - lossDb), `seed ${seed}`).toBeLessThan(3)
  }
})

test('two voices at the same time are seldom alike enough to be taken for an echo', () => {
  let taken = 0
  for (let seed = 1; seed <= 20; seed += 1) {
    const path = new EchoPath()
    const caller = speechLevels(1000, new SeededRandom(seed + 100))
    learn(path, speechLevels(1000, new SeededRandom(seed)), (i) => caller[i] as number)
    if (!Number.isNaN(path.delayMs)) taken += 1
  }
  expect(taken).toBeLessThanOrEqual(2)
})

test('on a line without echo nothing is expected back after a second', () => {
  const path = new EchoPath()
  learn(path, speechLevels(100, new SeededRandom(4)), () => -96)
  expect(path.delayMs).toBeNaN()
  expect(expectedDb(path)).toBeLessThan(-35)
})

test('before anything is known an echo may be nearly as loud as what was sent', () => {
  const path = new EchoPath()
  learn(path, [-20, -20], () => -96)
  expect(expectedDb(path)).toBeGreaterThan(-25)
})

test('an echo is still known after the caller has talked over it for two seconds', () => {
  const path = new EchoPath()
  const sent = speechLevels(1000, new SeededRandom(1))
  const caller = speechLevels(1000, new SeededRandom(2))
  learn(path, sent, (i) => sum((sent[i - 15] ?? -96) - 12, i > 800 ? (caller[i] as number) : -96))
  expect(path.delayMs).toBe(150)
  expect(Math.abs(path.lossDb - 12)).toBeLessThan(8)
})

test('a delay that changes is found again', () => {
  const path = new EchoPath()
  const sent = speechLevels(1600, new SeededRandom(3))
  learn(path, sent, (i) => (sent[i - (i < 800 ? 10 : 25)] ?? -96) - 12)
  expect(path.delayMs).toBe(250)
})

test('what a caller says over the assistant hardly looks like a louder echo while he is known to speak', () => {
  const sent = speechLevels(500, new SeededRandom(5))
  const caller = speechLevels(300, new SeededRandom(6))
  const [known, unknown] = [new EchoPath(), new EchoPath()]
  for (const path of [known, unknown]) {
    learn(path, sent.slice(0, 200), () => -96)
    learn(path, sent.slice(200), (i) => caller[i] as number, path === known)
  }
  expect(expectedDb(known)).toBeLessThan(expectedDb(unknown) - 10)
})
