/** Prints how long after the first voiced sample, and after the first packet with voice, speech is told. */
import { SeededRandom } from '@parley/testkit'
import { SileroModel } from '../../src/vad/voice-model.ts'
import { sileroModelPath } from '../../src/worker/model-path.ts'
import { sentences } from './speech-material.ts'
import { hiss, listenTo, mix, percentile, type Scene } from './virtual-line.ts'

const phases = 16
const model = await SileroModel.load(sileroModelPath())
const random = new SeededRandom(5)

for (const levelDbfs of [-20, -30, -38]) {
  const scenes: Scene[] = []
  const truths: number[] = []
  const names: string[] = []
  for (const { name, samples, onsets } of sentences(['asterisk', 'librivox', 'cards', 'goforward'], levelDbfs)) {
    for (let phase = 0; phase < phases; phase += 1) {
      const onset = onsets[0] as number
      const at = 8000 + random.between(0, 1279)
      const length = Math.ceil((at + Math.min(samples.length, onset + 8000)) / 160) * 160
      scenes.push({
        uplink: mix(length, [
          { samples: hiss(length, -62, random), at: 0 },
          { samples, at },
        ]),
      })
      truths.push(at + onset)
      names.push(name)
    }
  }
  const heard = await listenTo(scenes, model)
  const afterSample: number[] = []
  const afterPacket: number[] = []
  const dated: number[] = []
  let missed = 0
  let early = 0
  const byClip = new Map<string, number[]>()
  heard.forEach((events, i) => {
    const truth = truths[i] as number
    const isOn = events.findLast(({ atMs }) => atMs <= truth / 8)?.type === 'started'
    const started = events.find(({ type, atMs }) => type === 'started' && atMs > truth / 8)
    if (isOn) early += 1
    else if (!started || started.atMs > truth / 8 + 600) missed += 1
    if (isOn || !started || started.atMs > truth / 8 + 600) return
    afterSample.push(started.atMs - truth / 8)
    const of = names[i] as string
    byClip.set(of, [...(byClip.get(of) ?? []), started.atMs - truth / 8])
    afterPacket.push(started.atMs - Math.ceil((truth + 1) / 160) * 20)
    dated.push((started.sample - truth) / 8)
  })
  const line = (values: number[]) =>
    [0.1, 0.5, 0.9, 0.95, 0.99].map((p) => percentile(values, p).toFixed(0)).join(' / ')
  console.log(
    `${levelDbfs} dBFS, n ${scenes.length}, told before ${early}, missed ${missed} (p10 / p50 / p90 / p95 / p99, ms)`,
  )
  console.log(`  told after first voiced sample  ${line(afterSample)}`)
  console.log(`  told after its packet was sent  ${line(afterPacket)}`)
  console.log(`  onset named, less the truth     ${line(dated)}`)
  if (process.argv.includes('--clips')) {
    for (const [name, values] of byClip) console.log(`    ${name.padEnd(44)} ${line(values)}`)
  }
}
