import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type SocketVendor, serveSocketVendors } from './socket-vendors.ts'
import { tone } from './speech-server.ts'

export interface VendorRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Vendors that are asked over HTTP. `refusing`: MiniMax, which does not know the key. */
type HttpVendor = 'minimax' | 'azure' | 'elevenlabs' | 'cartesia' | 'refusing'
export type Vendor = HttpVendor | SocketVendor

const rateHz = 8_000
/** Audio of one MiniMax event: 100 ms. */
const pieceBytes = rateHz / 5

/**
 * A server that speaks the protocols of vendors of voices, each below the path of its name: a tone of 100 ms for each
 * character that is to be said.
 */
export async function startVendorSpeechServer() {
  const requests: VendorRequest[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const path = request.url ?? ''
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const vendor = path.split(/[/?]/)[1] as HttpVendor
    const text = wordsOf(vendor, body)
    requests.push({ path, headers: request.headers, text })
    answer(vendor, tone(text.length * (rateHz / 10), rateHz), response)
  })
  serveSocketVendors(server, (request) => requests.push(request))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    /** Without its scheme. */
    address: (vendor: Vendor) => `127.0.0.1:${port}/${vendor}`,
    requests: (vendor: Vendor) => requests.filter(({ path }) => path.startsWith(`/${vendor}`)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function wordsOf(vendor: HttpVendor, body: string): string {
  if (vendor === 'azure') return body.replace(/<[^>]*>/g, '')
  const { text, transcript } = JSON.parse(body) as { text?: string; transcript?: string }
  return text ?? transcript ?? ''
}

function answer(vendor: HttpVendor, sound: Buffer, response: ServerResponse): void {
  switch (vendor) {
    case 'minimax': {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let at = 0; at < sound.length; at += pieceBytes) {
        const audio = sound.toString('hex', at, at + pieceBytes)
        response.write(event({ data: { audio, status: 1 }, base_resp: { status_code: 0 } }))
      }
      return void response.end(event({ data: { audio: '', status: 2 }, base_resp: { status_code: 0 } }))
    }
    case 'refusing':
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ base_resp: { status_code: 1004, status_msg: 'login fail' } }))
    case 'azure':
    case 'elevenlabs':
    case 'cartesia':
      response.writeHead(200, { 'content-type': 'audio/pcm' })
      return void response.end(sound)
    default:
      vendor satisfies never
      response.writeHead(404).end()
  }
}

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`
