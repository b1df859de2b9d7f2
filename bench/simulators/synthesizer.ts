import { createServer, type Server, type ServerResponse } from 'node:http'
import { monotonicNs } from '../monotonic.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { encodeWatermark, type WatermarkWord } from '../watermark.ts'
import { readBody, sendJson, until } from './language-model.ts'
import { jittered, type Profile } from './profile.ts'
import { identifyingHeaders, type RequestLog, type SpeechRecord } from './request-log.ts'

export interface SynthesizerSimulator {
  readonly log: RequestLog
  readonly profile: () => Profile
  readonly random: SeededRandom
  readonly apiKey: string
}

const chunkMs = 100
const samplesPerMs = 8

/** The custom TTS protocol: chunked `audio/L16` at 8 kHz whose sound is a watermark of the text. */
export function createSynthesizer(simulator: SynthesizerSimulator): Server {
  return createServer(async (request, response) => {
    const receivedNs = monotonicNs()
    const body = await readBody(request)
    if (request.method !== 'POST') {
      response.writeHead(204).end()
      return
    }
    if (request.headers.authorization !== `Bearer ${simulator.apiKey}`) {
      sendJson(response, 401, { error: { code: 'Unauthorized', message: 'wrong key' } })
      return
    }
    const { Text: text, SampleRate } = JSON.parse(body) as { Text?: unknown; SampleRate?: unknown }
    if (typeof text !== 'string' || SampleRate !== 8_000) {
      sendJson(response, 400, { error: { code: 'InvalidParameter', message: 'Text and SampleRate 8000 are needed' } })
      return
    }
    const record = simulator.log.add({
      kind: 'tts',
      receivedNs,
      text,
      headers: identifyingHeaders(request.headers),
      chunksNs: [],
      bytes: 0,
    })
    response.on('close', () => {
      if (!response.writableFinished) Object.assign(record, { cancelledNs: monotonicNs() })
    })
    await stream(response, encodeWatermark(wordsOf(text)), simulator, record)
  })
}

async function stream(
  response: ServerResponse,
  samples: Int16Array,
  { profile, random }: SynthesizerSimulator,
  record: SpeechRecord,
): Promise<void> {
  response.socket?.setNoDelay(true)
  let dueNs = record.receivedNs + jittered(profile().firstAudioMs, profile(), random) * 1e6
  for (let at = 0; at < samples.length; at += chunkMs * samplesPerMs) {
    await until(dueNs)
    if (response.destroyed) return
    if (at === 0) response.writeHead(200, { 'content-type': 'audio/L16; rate=8000; channels=1' })
    const chunk = samples.subarray(at, at + chunkMs * samplesPerMs)
    record.chunksNs.push(monotonicNs())
    record.bytes += chunk.byteLength
    response.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    dueNs += (chunkMs / profile().speed) * 1e6
  }
  response.end()
  record.endedNs = monotonicNs()
}

/**
 * What each word of a text sounds like: `w<response>n<index>` says so itself, `R<turn>` is word 0 of the response of the
 * words after it, anything else (greeting, prompts) is response 0 counted through.
 */
function wordsOf(text: string): WatermarkWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const response = Number(/\bw(\d+)n\d+/.exec(text)?.[1] ?? 0)
  return words.map((word, index) => {
    const own = /^w(\d+)n(\d+)/.exec(word)
    return own
      ? { response: Number(own[1]), word: Number(own[2]) }
      : { response: /^R\d+/.test(word) ? response : 0, word: index }
  })
}
