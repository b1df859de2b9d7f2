import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@parley/core'
import { systemClock } from '@parley/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WavRecorder } from '../src/recording/wav-recorder.ts'
import { readWav } from './clips.ts'
import { until } from './rtp-peer.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-wav-'))
})
afterAll(() => rm(folder, { recursive: true }))

const frame = new Int16Array(160).fill(500)

/** Plays `seconds` of the right side into a recorder whose time starts at 1,000 ms. */
function record(recorder: WavRecorder, seconds: number): number {
  recorder.start(1000)
  let nowMs = 1000
  for (; nowMs < 1000 + seconds * 1000; nowMs += 20) {
    recorder.write('right', frame, nowMs)
    recorder.tick(nowMs)
  }
  return nowMs
}

test('a closed file is as long as the call and holds every frame', async () => {
  const path = join(folder, 'a', 'b', 'whole.wav')
  const recorder = new WavRecorder(path, silentLogger)
  await recorder.close(record(recorder, 10))
  const { samples } = readWav(await readFile(path))
  expect(samples.length).toBe(10 * 8000 * 2)
  expect(samples.filter((sample) => sample === 500).length).toBe(10 * 8000)
})

test('a pause is silence on both sides, and what comes late for it is left out; the time line stays', async () => {
  const path = join(folder, 'paused.wav')
  const recorder = new WavRecorder(path, silentLogger)
  recorder.start(1000)
  for (let nowMs = 1000; nowMs < 4000; nowMs += 20) {
    if (nowMs === 2000) recorder.pause(true, nowMs)
    if (nowMs === 3000) recorder.pause(false, nowMs)
    recorder.write('right', frame, nowMs)
    // The caller's side comes 200 ms late.
    if (nowMs >= 1200) recorder.write('left', frame, nowMs - 200)
    recorder.tick(nowMs)
  }
  await recorder.close(4000)
  const { samples } = readWav(await readFile(path))
  expect(samples.length).toBe(3 * 8000 * 2)
  const loudMs = (channel: number) => {
    const loud: number[] = []
    for (let ms = 0; ms < 3000; ms += 20) if (samples[ms * 16 + channel] === 500) loud.push(ms)
    return loud
  }
  const expected = (untilMs: number) =>
    Array.from({ length: untilMs / 20 }, (_, index) => index * 20).filter((ms) => ms < 1000 || ms >= 2000)
  expect(loudMs(1)).toEqual(expected(3000))
  expect(loudMs(0)).toEqual(expected(2800))
})

test('what comes late for a pause is left out also when the next pause has begun', async () => {
  const path = join(folder, 'two-pauses.wav')
  const recorder = new WavRecorder(path, silentLogger)
  recorder.start(1000)
  for (const [paused, atMs] of [
    [true, 1200],
    [false, 1400],
    [true, 1440],
    [false, 1600],
  ] as const) {
    recorder.pause(paused, atMs)
  }
  for (let atMs = 1000; atMs < 1800; atMs += 20) recorder.write('left', frame, atMs)
  await recorder.close(1800)
  const { samples } = readWav(await readFile(path))
  const loud = Array.from({ length: 40 }, (_, index) => index * 20).filter((ms) => samples[ms * 16] === 500)
  const all = Array.from({ length: 40 }, (_, index) => index * 20)
  expect(loud).toEqual(all.filter((ms) => ms < 200 || ms === 400 || ms === 420 || ms >= 600))
})

test('a file whose writer never closed it is readable up to its last second and a half', async () => {
  const path = join(folder, 'killed.wav')
  const recorder = new WavRecorder(path, silentLogger)
  record(recorder, 10)
  const leastBytes = 44 + 8.4 * 8000 * 4
  const deadlineMs = systemClock.nowMs() + 5000
  const size = () =>
    stat(path).then(
      (found) => found.size,
      () => 0,
    )
  while ((await size()) < leastBytes && systemClock.nowMs() < deadlineMs) await until(systemClock.nowMs() + 5)
  const file = await readFile(path)
  expect(file.length).toBeGreaterThanOrEqual(leastBytes)
  expect(readWav(file).samples.length).toBeGreaterThanOrEqual(8 * 8000 * 2)
  await recorder.close(11_000)
})

test('a recording that cannot be written is reported once and harms nothing', async () => {
  const errors: string[] = []
  const logger = { ...silentLogger, error: (message: string) => void errors.push(message) }
  const recorder = new WavRecorder(join('/dev/null', 'x.wav'), logger)
  await recorder.close(record(recorder, 5))
  expect(errors).toEqual(['recording failed'])
})

test('a call that never started leaves no file', async () => {
  const path = join(folder, 'never.wav')
  await new WavRecorder(path, silentLogger).close(5000)
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
})
