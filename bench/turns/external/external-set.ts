import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { readWav } from '../../wav-file.ts'

const span = z
  .tuple([z.number().nonnegative(), z.number().nonnegative()])
  .refine(([from, to]) => to > from, 'ends before it begins')

/** One turn of a set: its audio, and every silence of 100 ms or more; the last one is the end of the turn. */
const turnSchema = z.strictObject({
  /** WAV, relative to the manifest. */
  audio: z.string().min(1),
  /** Seconds from the start of the audio. */
  silence_spans: z.array(span).min(1),
  /** What a recogniser gave, when known: seconds at which each word was over. */
  words: z.array(z.strictObject({ text: z.string().min(1), end: z.number().nonnegative() })).optional(),
  /** What the other side had asked. */
  context: z.string().optional(),
})

const manifestSchema = z.array(turnSchema).min(1)

/** `samples`: `Int16` mono 8 kHz; instants in ms from its start. */
export interface ExternalTurn {
  readonly id: string
  readonly samples: Int16Array
  readonly silencesMs: readonly (readonly [number, number])[]
  readonly words: readonly { readonly text: string; readonly endMs: number }[]
  readonly context: string
}

/** @throws Error that lists every problem of the manifest, or names an audio file that cannot be used */
export async function loadExternalSet(manifestPath: string): Promise<ExternalTurn[]> {
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(manifestPath, 'utf8')))
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.map(String).join('.')}: ${message}`)
    throw new Error(`${manifestPath} has ${lines.length} problem(s)\n${lines.join('\n')}`)
  }
  return Promise.all(
    parsed.data.map(async ({ audio, silence_spans, words = [], context = '' }) => ({
      id: audio,
      samples: await telephoneSamples(resolve(dirname(manifestPath), audio)),
      silencesMs: silence_spans.map(([from, to]) => [from * 1_000, to * 1_000] as const),
      words: words.map(({ text, end }) => ({ text, endMs: end * 1_000 })),
      context,
    })),
  )
}

/** Groups of samples are averaged, which keeps what a voice detector goes by. */
async function telephoneSamples(path: string): Promise<Int16Array> {
  const { sampleRateHz, channels } = await readWav(path)
  const samples = channels[0] ?? new Int16Array()
  const factor = sampleRateHz / 8_000
  if (!Number.isInteger(factor)) throw new Error(`${path} has ${sampleRateHz} Hz; a multiple of 8000 is needed`)
  return Int16Array.from({ length: Math.floor(samples.length / factor) }, (_, index) => {
    let sum = 0
    for (let offset = 0; offset < factor; offset += 1) sum += samples[index * factor + offset] as number
    return sum / factor
  })
}
