/**
 * Prints, for lines with echo: false onsets per minute of the assistant's speech, and how soon a caller who really
 * interrupts is heard.
 */
import { SeededRandom } from '@parley/testkit'
import { SileroModel } from '../../src/vad/voice-model.ts'
import { sileroModelPath } from '../../src/worker/model-path.ts'
import { afterMuLaw, echoOf, monologue } from './echo-line.ts'
import { sentences } from './speech-material.ts'
import { hiss, listenTo, mix, percentile, type Scene } from './virtual-line.ts'

const model = await SileroModel.load(sileroModelPath())
const quick = process.argv.includes('--quick')
const linesPerCell = quick ? 6 : 24
const seconds = 20
const noLoss = 99

interface Cell {
  readonly delayMs: number
  readonly lossDb: number
  /** Level of the caller relative to the assistant's; absent: he is silent. */
  readonly callerDb?: number
}

function sceneOf(cell: Cell, seed: number) {
  const random = new SeededRandom(seed)
  /** Of its own, so that every cell has the same interruptions. */
  const whim = new SeededRandom(seed + 1000)
  const voice = afterMuLaw(monologue(sentences(['asterisk'], -20), seconds * 8000, random))
  const parts: { samples: ArrayLike<number>; at: number }[] = [{ samples: hiss(voice.length, -62, random), at: 0 }]
  if (cell.lossDb < noLoss) {
    parts.push({ samples: echoOf(voice, { ...cell, tailMs: random.between(1, 12) }, random), at: 0 })
  }
  const onsets: number[] = []
  if (cell.callerDb !== undefined) {
    const callers = sentences(['librivox', 'cards', 'goforward'], -20 + cell.callerDb)
    // The first interruption comes early: within the first second or two of the greeting.
    for (let at = whim.between(6000, 16_000); at < voice.length - 24_000; ) {
      const { samples, onsets: own } = whim.pick(callers)
      parts.push({ samples, at })
      onsets.push(at + (own[0] as number))
      at += samples.length + whim.between(12_000, 24_000)
    }
  }
  const scene: Scene = { downlink: voice, uplink: mix(voice.length, parts) }
  return { scene, onsets }
}

async function measure(cell: Cell): Promise<void> {
  const lines = Array.from({ length: linesPerCell }, (_, i) => sceneOf(cell, i + 1))
  const heard = await listenTo(
    lines.map(({ scene }) => scene),
    model,
  )
  const delays: number[] = []
  let missed = 0
  let early = 0
  let starts = 0
  heard.forEach((events, i) => {
    starts += events.filter(({ type }) => type === 'started').length
    for (const onset of lines[i]?.onsets ?? []) {
      const onsetMs = onset / 8
      let isOn = false
      for (const event of events)
        if (event.atMs < onsetMs - 60 && event.type !== 'suspected') isOn = event.type === 'started'
      if (isOn) {
        early += 1
        continue
      }
      const started = events.find(({ type, atMs }) => type === 'started' && atMs >= onsetMs - 60)
      if (!started || started.atMs > onsetMs + 1000) missed += 1
      else delays.push(started.atMs - onsetMs)
    }
  })
  const minutes = (linesPerCell * seconds) / 60
  const name = `${String(cell.delayMs).padStart(4)} ms ${cell.lossDb === noLoss ? 'none ' : `${cell.lossDb} dB`.padEnd(5)}`
  if (cell.callerDb === undefined) console.log(`${name}  alone: ${(starts / minutes).toFixed(2)} false onsets a minute`)
  else {
    const line = [0.5, 0.9, 0.95].map((p) => percentile(delays, p).toFixed(0)).join(' / ')
    console.log(
      `${name}  caller ${cell.callerDb} dB: told after ${line} ms (p50 / p90 / p95), missed ${missed}, already on ${early}, n ${delays.length + missed + early}`,
    )
  }
}

const cells: Cell[] = []
const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice(7)
if (only !== 'double') {
  for (const lossDb of [6, 12, 20, 30]) for (const delayMs of [20, 60, 150, 300, 400]) cells.push({ delayMs, lossDb })
}
if (only !== 'alone') {
  for (const callerDb of [0, 6, -6]) {
    for (const lossDb of [noLoss, 6, 12, 20, 30]) cells.push({ delayMs: 150, lossDb, callerDb })
  }
}
for (const cell of cells) await measure(cell)
