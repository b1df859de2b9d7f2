/** Prints for each class of noise how many of its sounds are taken for speech, while the assistant speaks and not. */
import { SeededRandom } from '@parley/testkit'
import { SileroModel } from '../../src/vad/voice-model.ts'
import { sileroModelPath } from '../../src/worker/model-path.ts'
import { afterMuLaw, monologue } from './echo-line.ts'
import { noiseClasses, noiseOf } from './noise-classes.ts'
import { sentences } from './speech-material.ts'
import { hiss, listenTo, mix, type Scene } from './virtual-line.ts'

const model = await SileroModel.load(sileroModelPath())
const repeats = process.argv.includes('--quick') ? 2 : 6
const durations = [50, 150, 400, 800, 1500]
/** Against a caller at -20 dBFS. */
const snrs = [-5, 0, 10, 20]
const bot = sentences(['asterisk'], -20)
const caller = sentences(['librivox-0880', 'cards-001', 'goforward'], -20)

/** The caller says something, then the assistant speaks and the noises come, two seconds apart. */
function sceneOf(kind: string, seed: number) {
  const random = new SeededRandom(seed)
  const parts: { samples: ArrayLike<number>; at: number }[] = [{ samples: random.pick(caller).samples, at: 4000 }]
  const noises: { from: number; to: number; durationMs: number; snrDb: number }[] = []
  let at = 40_000
  for (const durationMs of durations) {
    for (const snrDb of snrs) {
      const samples = noiseOf(kind, durationMs, -20 - snrDb, random)
      parts.push({ samples, at })
      noises.push({ from: at, to: at + samples.length, durationMs, snrDb })
      at += samples.length + random.between(12_000, 16_000)
    }
  }
  parts.push({ samples: hiss(at, -62, random), at: 0 })
  const silence = new Int16Array(32_000)
  const speech = afterMuLaw(monologue(bot, at - 32_000, random))
  const downlink = new Int16Array(at)
  downlink.set(silence)
  downlink.set(speech, 32_000)
  const scene: Scene = { uplink: mix(at, parts), downlink }
  return { scene, noises }
}

let total = 0
let taken = 0
for (const kind of Object.keys(noiseClasses)) {
  const lines = Array.from({ length: repeats }, (_, i) => sceneOf(kind, i + 1))
  const heard = await listenTo(
    lines.map(({ scene }) => scene),
    model,
  )
  const by = new Map<string, [number, number]>()
  heard.forEach((events, i) => {
    for (const { from, to, durationMs, snrDb } of lines[i]?.noises ?? []) {
      const isTaken = events.some(({ type, atMs }) => type === 'started' && atMs > from / 8 && atMs < to / 8 + 300)
      for (const key of [`${durationMs} ms`, `${snrDb} dB`, 'all']) {
        const entry = by.get(key) ?? [0, 0]
        by.set(key, [entry[0] + (isTaken ? 1 : 0), entry[1] + 1])
      }
    }
  })
  const [hits, count] = by.get('all') ?? [0, 0]
  taken += hits
  total += count
  const line = [...by].map(([key, [n, of]]) => `${key} ${((100 * n) / of).toFixed(0)}%`).join('  ')
  console.log(`${kind.padEnd(9)} ${line}`)
}
console.log(`all       ${((100 * taken) / total).toFixed(2)} % of ${total}`)
