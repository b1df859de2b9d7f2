import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { requestedVoices } from '../src/tts/requested/requested-voices.ts'

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
