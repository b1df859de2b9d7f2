import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { SeededRandom, ToneSynthesizer, type VirtualClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { requestedVoices } from '../src/tts/requested/requested-voices.ts'
import { withFallbackVoice } from '../src/wrap/with-fallback-voice.ts'

export interface SocketServiceOptions {
  /** Status with which an upgrade is refused; undefined: it is not. */
  readonly refuseWith?: (request: IncomingMessage) => number | undefined
}

/** A speech service over WebSocket that a test plays: `serve` is called with each connection. Ends with the test. */
export async function startSocketService(
  serve: (socket: WebSocket, request: IncomingMessage) => void,
  options: SocketServiceOptions = {},
) {
  const requests: IncomingMessage[] = []
  const sockets: WebSocket[] = []
  const http = createServer((_request, response) => response.writeHead(404).end())
  const server = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, connection, head) => {
    requests.push(request)
    const status = options.refuseWith?.(request)
    if (status !== undefined) {
      connection.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      return
    }
    server.handleUpgrade(request, connection, head, (socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      serve(socket, request)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const stop = () => {
    for (const socket of sockets) socket.terminate()
    http.closeAllConnections()
    http.close()
  }
  onTestFinished(stop)
  const url = new URL(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/speech`)
  return { url, requests, sockets, http }
}

/** A voice as a call brings it, at a service of the test. Until the test ends. */
export function requestedAt(url: URL, config: Readonly<Record<string, unknown>>, clock: Clock): SpeechSynthesizer {
  const voices = requestedVoices({ clock, random: new SeededRandom(1), guarded: undefined })
  onTestFinished(() => voices[Symbol.dispose]())
  const voice = voices.find({ custom: { ...config, APIUrl: url.href } })
  if (!voice) throw new Error('no such voice')
  return voice
}

export async function* texts(...items: string[]): AsyncGenerator<string> {
  yield* items
}

/** All that is heard, by item. */
export async function collect(chunks: AsyncIterable<SpeechChunk>) {
  const heard: { item: number; samples: number[] }[] = []
  for await (const { item, samples } of chunks) heard.push({ item, samples: [...samples] })
  return heard
}

/** Little-endian, 16 bit. */
export const pcm = (...values: number[]) => Buffer.from(Int16Array.from(values).buffer)
export const noAbort = () => new AbortController().signal

/** What was thrown. */
export const failureOf = (heard: Promise<unknown>): Promise<Error> =>
  heard.then(
    () => Promise.reject(new Error('nothing failed')),
    (thrown: Error) => thrown,
  )

/** Has `voice` speak a sentence in a talk, where the built-in voice says what it does not say. */
export async function saidWithBuiltIn(voice: SpeechSynthesizer, clock: VirtualClock) {
  const { promise: failed, resolve: fail } = Promise.withResolvers<void>()
  let failures = 0
  const onFailure = () => {
    failures += 1
    fail()
  }
  const talk = withFallbackVoice(voice, new ToneSynthesizer({ clock }), { clock, onFailure })
  const heard = collect(talk.speak(texts('Hello.'), noAbort()))
  await failed
  await clock.advance(5_000)
  const samples = (await heard).flatMap((chunk) => chunk.samples)
  return { failures, isSound: samples.some((sample) => Math.abs(sample) > 1_000) }
}
