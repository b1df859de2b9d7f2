import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { formatWav, readWav } from '../../wav-file.ts'
import { sweepPlans } from '../knob-sweep.ts'
import { externalFrontier } from './external-frontier.ts'
import { loadExternalSet } from './external-set.ts'

const clipsFolder = fileURLToPath(new URL('../../../apps/callee/clips/', import.meta.url))

/** Two clips of one speaker with a pause between them and silence after, or one clip alone. */
async function makeSet(directory: string, pausesMs: readonly number[]): Promise<string> {
  const load = async (name: string) => trim((await readWav(join(clipsFolder, name))).channels[0] ?? new Int16Array())
  const first = await load('asterisk8k-en-vm-whichbox.wav')
  const second = await load('asterisk8k-en-queue-thankyou.wav')
  const manifest = await Promise.all(
    pausesMs.map(async (pauseMs, index) => {
      const parts = pauseMs === 0 ? [second] : [first, silence(pauseMs), second]
      const samples = Int16Array.from([...parts, silence(2_500)].flatMap((part) => [...part]))
      const audio = `${index}.wav`
      await writeFile(join(directory, audio), formatWav(samples))
      const end = (samples.length - 20_000) / 8_000
      const within = pauseMs === 0 ? [] : [[first.length / 8_000, first.length / 8_000 + pauseMs / 1_000]]
      return { audio, silence_spans: [...within, [end, end + 2.5]] }
    }),
  )
  const path = join(directory, 'manifest.json')
  await writeFile(path, JSON.stringify(manifest))
  return path
}

const silence = (ms: number) => Int16Array.from({ length: ms * 8 }, (_, index) => ((index * 7_919) % 21) - 10)

function trim(samples: Int16Array): Int16Array {
  const loud = (sample: number) => Math.abs(sample) > 700
  return samples.subarray(samples.findIndex(loud), samples.findLastIndex(loud) + 1)
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-external-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

test('a set of others gives a frontier: short holds cut into pauses, long ones into none', async () => {
  const turns = await loadExternalSet(await makeSet(await temporaryDirectory(), [0, 0, 400, 800, 1_100]))
  const { fused, timer } = externalFrontier(turns, sweepPlans.quick)
  const [fastest, surest] = [fused.curve[0], fused.curve.at(-1)]
  expect(fastest?.cutIns).toBeGreaterThan(0.3)
  expect(surest?.cutIns).toBe(0)
  expect(surest?.latencyMs).toBeGreaterThan(fastest?.latencyMs ?? 0)
  expect(timer.latencyAt.cutIns5).toBeGreaterThan(1_000)
})

test('a manifest with mistakes is refused with all of them', async () => {
  const path = join(await temporaryDirectory(), 'manifest.json')
  await writeFile(path, JSON.stringify([{ audio: '', silence_spans: [[2, 1]] }, { audio: 'x.wav' }]))
  await expect(loadExternalSet(path)).rejects.toThrow(
    /3 problem\(s\)[\s\S]*0\.audio[\s\S]*0\.silence_spans[\s\S]*1\.silence_spans/,
  )
})
