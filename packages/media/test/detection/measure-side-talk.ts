/** Prints how often a voice is taken for the caller's while the assistant speaks, by its level relative to his. */
import { SeededRandom } from '@parley/testkit'
import { SileroModel } from '../../src/vad/voice-model.ts'
import { sileroModelPath } from '../../src/worker/model-path.ts'
import { afterMuLaw, monologue } from './echo-line.ts'
import { type Sentence, sentences } from './speech-material.ts'
import { hiss, listenTo, mix, percentile, type Scene } from './virtual-line.ts'

const model = await SileroModel.load(sileroModelPath())
const lines = process.argv.includes('--quick') ? 10 : 24
const seconds = 26
/** He speaks alone until here; then the assistant speaks. */
const alone = 80_000

/** `turnDb`: level of the caller's own turn. `otherDb`: of the voices over the assistant. */
function sceneOf(own: readonly Sentence[], others: readonly Sentence[], echoless: SeededRandom) {
  const random = echoless
  const length = seconds * 8000
  const speech = afterMuLaw(monologue(sentences(['asterisk'], -20), length - alone, random))
  const downlink = new Int16Array(length)
  downlink.set(speech, alone)
  const parts: { samples: ArrayLike<number>; at: number }[] = [{ samples: hiss(length, -62, random), at: 0 }]
  for (let at = 4000; ; ) {
    const { samples } = random.pick(own)
    if (at + samples.length > alone - 4000) break
    parts.push({ samples, at })
    at += samples.length + 4000
  }
  const voices: { from: number; to: number }[] = []
  for (let at = alone + 12_000; ; ) {
    const { samples, onsets } = random.pick(others)
    if (at + samples.length > length - 4000) break
    parts.push({ samples, at })
    voices.push({ from: at + (onsets[0] as number), to: at + samples.length })
    at += samples.length + random.between(12_000, 20_000)
  }
  const scene: Scene = { uplink: mix(length, parts), downlink }
  return { scene, voices }
}

for (const db of [0, -6, -9, -15, -18, -20, -25]) {
  const isCaller = db >= -9
  const own = sentences(isCaller ? ['librivox'] : ['librivox-0880', 'librivox-0930', 'librivox-0890'], -20)
  const others = sentences(isCaller ? ['librivox'] : ['cards', 'goforward'], -20 + db)
  const all = Array.from({ length: lines }, (_, i) => sceneOf(own, others, new SeededRandom(i + 1)))
  const heard = await listenTo(
    all.map(({ scene }) => scene),
    model,
  )
  let count = 0
  let taken = 0
  const delays: number[] = []
  heard.forEach((events, i) => {
    for (const { from, to } of all[i]?.voices ?? []) {
      count += 1
      const started = events.find(
        ({ type, atMs }) => type === 'started' && atMs > from / 8 - 300 && atMs < to / 8 + 200,
      )
      if (!started) continue
      taken += 1
      delays.push(started.atMs - from / 8)
    }
  })
  const times = [0.5, 0.95].map((p) => percentile(delays, p).toFixed(0)).join(' / ')
  console.log(
    `${String(db).padStart(4)} dB: taken ${((100 * taken) / count).toFixed(1)} % of ${count}, after ${times} ms`,
  )
}
