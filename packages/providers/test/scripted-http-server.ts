import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

export type Answer = (response: ServerResponse, request: SeenRequest, index: number) => void | Promise<void>

/** A real HTTP server on loopback; `answer` is asked for each POST, everything else gets 404. */
export async function httpServer(answer: Answer) {
  const requests: SeenRequest[] = []
  const others: string[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    if (request.method !== 'POST') {
      others.push(request.method ?? '')
      return void response.writeHead(404).end()
    }
    const text = Buffer.concat(pieces).toString('utf8')
    const seen = {
      method: request.method,
      url: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(text || '{}') as Record<string, unknown>,
    }
    requests.push(seen)
    await answer(response, seen, requests.length - 1)
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    others,
    connections: () => connections,
    closeIdle: () => server.closeIdleConnections(),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Chunks of a streamed completion as SSE text. */
export const sse = (...chunks: readonly object[]): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')

export const text = (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })
export const finish = (reason = 'stop') => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })
export const done = 'data: [DONE]\n\n'

export const stream = (body: string | Buffer) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(body)
}
