import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SpeechRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: unknown
}

/** How one path answers. `tone`: a tone of 100 ms for each character, as `rateHz` says it is. */
export type SpeechBehaviour =
  | { readonly kind: 'tone'; readonly rateHz: number; readonly as: 'wav' | 'pcm' }
  | { readonly kind: 'error' | 'hang' | 'garbage' | 'empty' }

export const toneHz = 1000

/** A server of the protocol "custom TTS" of the public API; each path behaves in its own way. */
export async function startSpeechServer(paths: Readonly<Record<string, SpeechBehaviour>>) {
  const requests: SpeechRequest[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const path = request.url ?? ''
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const parsed = JSON.parse(body) as { Text: string }
    requests.push({ path, headers: request.headers, text: parsed.Text, body: parsed })
    answer(paths[path] ?? { kind: 'error' }, parsed.Text, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    requests: (path: string) => requests.filter((request) => request.path === path),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(behaviour: SpeechBehaviour, text: string, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'tone': {
      const { rateHz, as } = behaviour
      const samples = tone(Math.round((text.length * rateHz) / 10), rateHz)
      response.writeHead(200, { 'content-type': as === 'wav' ? 'audio/wav' : `audio/L16;rate=${rateHz}` })
      if (as === 'wav') response.write(wavHeader(rateHz))
      return void response.end(samples)
    }
    case 'error':
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ error: { code: 'InvalidText', message: text } }))
    case 'garbage':
      response.writeHead(200, { 'content-type': 'audio/wav' })
      return void response.end(Buffer.alloc(20_000, 'no wave at all '))
    case 'empty':
      return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(wavHeader(8_000))
    case 'hang':
      return
    default:
      behaviour satisfies never
  }
}

/** `count` samples of the tone at `rateHz`, 16 bit, little-endian. */
export function tone(count: number, rateHz: number): Buffer {
  const samples = Buffer.alloc(count * 2)
  for (let i = 0; i < count; i += 1) {
    samples.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * toneHz * i) / rateHz)), i * 2)
  }
  return samples
}

/** As services that stream write it: the size is not known yet. */
function wavHeader(rateHz: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF')
  header.writeUInt32LE(0xffff_ffff, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rateHz, 24)
  header.writeUInt32LE(rateHz * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(0xffff_ffff, 40)
  return header
}
