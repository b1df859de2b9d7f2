import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came: header names in their case and order, body as text. */
export interface RecordedRequest {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface RecordingProxy extends AsyncDisposable {
  /** Host and port. */
  readonly endpoint: string
  /** Takes out what came since the last time. */
  take(): readonly RecordedRequest[]
}

/** Passes requests on unchanged and keeps them. `target`: host and port. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let kept: RecordedRequest[] = []
  const [host, port] = target.split(':')
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const { method = '', url = '' } = incoming
    kept.push({ method, target: url, headers: headersOf(incoming.rawHeaders), body: body.toString('utf8') })
    const onward = request({ host, port, method, path: url, headers: incoming.headers, agent: false })
    onward.end(body)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  }
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = kept
      kept = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function headersOf(raw: readonly string[]): Record<string, string> {
  return Object.fromEntries(raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [])))
}
