/** Prints what listening costs, in µs of processor time for each 20 ms frame, without the neural network. */
import { SeededRandom } from '@parley/testkit'
import { CallerEar } from '../../src/vad/caller-ear.ts'
import { afterMuLaw, echoOf, monologue } from './echo-line.ts'
import { sentences } from './speech-material.ts'
import { hiss, mix } from './virtual-line.ts'

const length = 60 * 8000
const random = new SeededRandom(1)
const voice = afterMuLaw(monologue(sentences(['asterisk'], -20), length, random))
const noise = { samples: hiss(length, -62, random), at: 0 }
const echo = (lossDb: number) => ({ samples: echoOf(voice, { delayMs: 150, lossDb, tailMs: 6 }, random), at: 0 })

function microseconds(heard: Int16Array, isSpoken: boolean): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 4; round += 1) {
    const ear = new CallerEar(0, { onSpeechStarted() {}, onSpeechStopped() {}, onSpeechSuspected() {} })
    const window = new Float32Array(288)
    const before = process.cpuUsage()
    for (let at = 0; at < length; at += 160) {
      if (isSpoken) ear.onSent(voice.subarray(at, at + 160), at / 8 + 20)
      ear.onFrame(heard.subarray(at, at + 160), at, at / 8 + 20)
      while (ear.track.isReady) ear.track.fillWindow(window, 0)
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / (length / 160))
  }
  return best
}

const rows: [string, Int16Array, boolean][] = [
  ['the assistant is silent', mix(length, [noise]), false],
  ['it speaks, no echo', mix(length, [noise]), true],
  ['it speaks, echo 30 dB weaker (levels only)', mix(length, [noise, echo(30)]), true],
  ['it speaks, echo 12 dB weaker (with filter)', mix(length, [noise, echo(12)]), true],
]
for (const [name, heard, isSpoken] of rows)
  console.log(`${name.padEnd(44)} ${microseconds(heard, isSpoken).toFixed(1)} µs`)
