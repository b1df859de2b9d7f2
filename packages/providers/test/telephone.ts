import { readFile } from 'node:fs/promises'
import type { RecognizerInput, SpeechRecognizer, SpeechSynthesizer, Transcript } from '@parley/core'

/** One sample through G.711 mu-law and back (ITU-T G.711, 16-bit scale). */
function muLaw(sample: number): number {
  const bias = 132
  const magnitude = Math.min(32_635, Math.abs(sample)) + bias
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7)
  const mantissa = (magnitude >> (exponent + 3)) & 15
  const decoded = (((mantissa << 3) + bias) << exponent) - bias
  return sample < 0 ? -decoded : decoded
}

/** What 8 kHz speech sounds like at the other end of the line. */
export const overTelephone = (samples: Int16Array, gain = 1): Int16Array =>
  samples.map((sample) => muLaw(Math.max(-32_768, Math.min(32_767, Math.round(sample * gain)))))

/** A clip of the callee app as 8 kHz samples; 16 kHz ones are filtered with a windowed sinc and decimated. */
export async function clip(name: string): Promise<Int16Array> {
  const file = await readFile(new URL(`../../../apps/callee/clips/${name}.wav`, import.meta.url))
  const rateHz = file.readUInt32LE(24)
  const data = file.indexOf('data') + 8
  const samples = new Int16Array(
    file.buffer.slice(file.byteOffset + data, file.byteOffset + file.length - ((file.length - data) % 2)),
  )
  return rateHz === 8000 ? samples : halved(samples)
}

function halved(samples: Int16Array): Int16Array {
  const taps = Array.from({ length: 63 }, (_, index) => {
    const at = index - 31
    const sinc = at === 0 ? 0.45 : Math.sin(Math.PI * 0.45 * at) / (Math.PI * at)
    return sinc * (0.54 + 0.46 * Math.cos((Math.PI * at) / 32))
  })
  return Int16Array.from({ length: samples.length >> 1 }, (_, index) =>
    Math.round(taps.reduce((sum, tap, k) => sum + tap * (samples[2 * index + k - 31] ?? 0), 0)),
  )
}

export async function speech(synthesizer: SpeechSynthesizer, text: string): Promise<Int16Array> {
  const chunks: Int16Array[] = []
  const words = (async function* () {
    yield text
  })()
  for await (const chunk of synthesizer.speak(words, new AbortController().signal)) chunks.push(chunk.samples)
  const whole = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

const frame = 160
const leadMs = 400
/** Silence the voice detector waits for before it says that the voice has stopped. */
const hangoverMs = 200

/** The line as the media engine hands it over: frames of 20 ms, and marks of a voice detector that is 60 ms late. */
export async function* heardBy(stretches: readonly Int16Array[]): AsyncIterable<RecognizerInput> {
  let mediaMs = 0
  const frames = function* (samples: Int16Array): Iterable<RecognizerInput> {
    for (let at = 0; at < samples.length; at += frame) {
      const piece = new Int16Array(frame)
      piece.set(samples.subarray(at, at + frame))
      yield { type: 'audio', samples: piece, mediaMs }
      mediaMs += 20
    }
  }
  for (const samples of stretches) {
    yield* frames(new Int16Array(8 * leadMs))
    const onsetMs = mediaMs
    yield* frames(samples.subarray(0, 480))
    yield { type: 'speech.started', mediaMs: onsetMs }
    yield* frames(samples.subarray(480))
    const stopMs = mediaMs
    yield* frames(new Int16Array(8 * hangoverMs))
    yield { type: 'speech.stopped', mediaMs: stopMs }
  }
}

export async function transcripts(
  recognizer: SpeechRecognizer,
  hints: readonly string[],
  input: AsyncIterable<RecognizerInput>,
): Promise<Transcript[]> {
  const all: Transcript[] = []
  const spec = { languages: ['en'], hints }
  for await (const item of recognizer.transcribe(input, spec, new AbortController().signal)) {
    if (item.kind !== 'turn') all.push(item)
  }
  return all
}

export const finals = (all: readonly Transcript[]) => all.filter((item) => item.kind === 'final')

/** Word errors (substitutions, insertions, deletions) of `heard` against `said`. */
export function wordErrors(said: string, heard: string): number {
  const [from, to] = [said.split(' '), heard.split(' ').filter(Boolean)]
  let row = to.map((_, index) => index + 1)
  for (const [i, word] of from.entries()) {
    let diagonal = i
    let left = i + 1
    row = to.map((other, j) => {
      const above = row[j] ?? 0
      const cost = Math.min(above + 1, left + 1, diagonal + (word === other ? 0 : 1))
      diagonal = above
      left = cost
      return cost
    })
  }
  return to.length === 0 ? from.length : (row.at(-1) ?? 0)
}
