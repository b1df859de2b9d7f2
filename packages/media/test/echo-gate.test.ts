import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { EchoGate } from '../src/echo/echo-gate.ts'
import { levelDb } from '../src/vad/level.ts'
import { SileroModel } from '../src/vad/voice-model.ts'
import { sileroModelPath } from '../src/worker/model-path.ts'
import { afterMuLaw, echoOf, monologue } from './detection/echo-line.ts'
import { sentences } from './detection/speech-material.ts'
import { hiss, listenTo, mix, type Scene } from './detection/virtual-line.ts'

const seconds = 8
const length = seconds * 8000
const assistants = sentences(['asterisk'], -20)
const callers = sentences(['librivox', 'cards'], -20)
const noiseDb = -62

function lineOf(delayMs: number, lossDb: number, seed: number) {
  const random = new SeededRandom(seed)
  const voice = afterMuLaw(monologue(assistants, length, random))
  const echo = { samples: echoOf(voice, { delayMs, lossDb, tailMs: 6 }, random), at: 0 }
  return { voice, echo, noise: { samples: hiss(length, noiseDb, random), at: 0 }, random }
}

/** Frames that count as somebody else's: the share of those with sound in them, and what the gate learned. */
function judge(voice: Int16Array, heard: Int16Array, fromFrame = 0) {
  const gate = new EchoGate()
  let passed = 0
  let loud = 0
  let takenOutDb = 0
  for (let at = 0; at < length; at += 160) {
    const frame = heard.subarray(at, at + 160)
    gate.onSent(voice.subarray(at, at + 160), at + 160)
    const rest = gate.onFrame(frame, at, at + 160, noiseDb, false)
    if (at / 160 < fromFrame || levelDb(frame, 0, 160) < noiseDb + 12) continue
    loud += 1
    takenOutDb += levelDb(frame, 0, 160) - levelDb(rest, 0, 160)
    if (gate.excessDb(at, 160) > 6) passed += 1
  }
  return { share: passed / loud, takenOutDb: takenOutDb / loud, path: gate.path }
}

const delays = [20, 60, 150, 300, 400]

test.each([6, 12, 20, 30])('an echo %i dB weaker does not count, whatever its delay, and is measured', (lossDb) => {
  for (const delayMs of delays) {
    const { voice, echo, noise } = lineOf(delayMs, lossDb, delayMs + lossDb)
    const { share, path } = judge(voice, afterMuLaw(mix(length, [echo, noise])))
    expect(share, `${delayMs} ms`).toBeLessThan(0.02)
    expect(Math.abs(path.delayMs - delayMs), `${delayMs} ms`).toBeLessThanOrEqual(20)
    expect(Math.abs(path.lossDb - lossDb), `${delayMs} ms`).toBeLessThan(6)
  }
})

test('the filter takes ten decibels and more out of a loud echo, and leaves a weak one alone', () => {
  const loud = lineOf(150, 9, 1)
  expect(judge(loud.voice, afterMuLaw(mix(length, [loud.echo, loud.noise])), 150).takenOutDb).toBeGreaterThan(10)
  const weak = lineOf(150, 32, 1)
  expect(judge(weak.voice, afterMuLaw(mix(length, [weak.echo, weak.noise])), 150).takenOutDb).toBeLessThan(1)
})

test.each([
  ['as loud as the assistant', 0, 12, 0.8],
  ['twice as loud', 6, 12, 0.85],
  ['half as loud', -6, 12, 0.65],
  ['as loud as the assistant', 0, 6, 0.6],
])('a caller %s (%i dB) counts on a line with %i dB of loss', (_name, callerDb, lossDb, least) => {
  const { voice, echo, noise, random } = lineOf(150, lossDb, 3)
  const own = monologue(callers, length, random).map((sample, i) =>
    i < 24_000 ? 0 : Math.round(sample * 10 ** (callerDb / 20)),
  )
  const heard = afterMuLaw(mix(length, [echo, noise, { samples: own, at: 0 }]))
  const gate = new EchoGate()
  let isHeard = false
  let passed = 0
  let loud = 0
  for (let at = 0; at < length; at += 160) {
    gate.onSent(voice.subarray(at, at + 160), at + 160)
    gate.onFrame(heard.subarray(at, at + 160), at, at + 160, noiseDb, isHeard)
    isHeard = gate.excessDb(at, 160) > 6
    if (levelDb(own, at, 160) < -30 + callerDb) continue
    loud += 1
    if (gate.excessDb(at, 160) > 6) passed += 1
  }
  expect(passed / loud).toBeGreaterThan(least)
})

test('without echo every frame of the caller counts from the first word of the assistant on', () => {
  const { voice, noise, random } = lineOf(150, 99, 5)
  const own = monologue(callers, length, random)
  const gate = new EchoGate()
  let isHeard = false
  let passed = 0
  let loud = 0
  const heard = afterMuLaw(mix(length, [noise, { samples: own, at: 16_000 }]))
  for (let at = 0; at < length; at += 160) {
    gate.onSent(voice.subarray(at, at + 160), at + 160)
    const rest = gate.onFrame(heard.subarray(at, at + 160), at, at + 160, noiseDb, isHeard)
    expect(rest).toEqual(heard.subarray(at, at + 160))
    isHeard = gate.excessDb(at, 160) > 6
    if (at < 16_000 || levelDb(own, at - 16_000, 160) < -30) continue
    loud += 1
    if (gate.excessDb(at, 160) > 6) passed += 1
  }
  expect(passed / loud).toBeGreaterThan(0.97)
})

test('the detector tells no speech while only the assistant is on the line, and tells the caller who interrupts', async () => {
  const model = await SileroModel.load(sileroModelPath())
  const onset = 40_000
  const scenes: Scene[] = [6, 12, 20].flatMap((lossDb) => {
    const { voice, echo, noise } = lineOf(150, lossDb, 7)
    const caller = { samples: callers[0]?.samples ?? [], at: onset }
    return [
      { downlink: voice, uplink: mix(length, [echo, noise]) },
      { downlink: voice, uplink: mix(length, [echo, noise, caller]) },
    ]
  })
  const heard = await listenTo(scenes, model)
  heard.forEach((events, i) => {
    const starts = events.filter(({ type }) => type === 'started')
    if (i % 2 === 0) expect(starts, `scene ${i}`).toEqual([])
    else {
      const afterMs = (starts[0]?.atMs ?? 0) - (onset + (callers[0]?.onsets[0] ?? 0)) / 8
      expect(Math.abs(afterMs), `scene ${i}`).toBeLessThan(250)
    }
  })
})
