import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedPush {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver that takes every push. `count` resolves with the push that is the wanted one, from 1, within a minute. */
export async function startPushReceiver() {
  const received: ReceivedPush[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    received.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') })
    response.writeHead(204).end()
    server.emit('received')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`,
    received,
    async count(wanted: number) {
      const signal = AbortSignal.timeout(60_000)
      while (received.length < wanted) await once(server, 'received', { signal })
      return received[wanted - 1] as ReceivedPush
    },
    [Symbol.dispose]: () => void server.close(),
  }
}
