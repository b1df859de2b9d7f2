import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the model misbehaves: the first part of the path of the address given to `CreateAICall`. */
const behaviours: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '401': (response) =>
    void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"bad key"}}'),
  '429': (response) =>
    void response.writeHead(429, { 'content-type': 'application/json' }).end('{"error":{"message":"slow down"}}'),
  '500': (response) => void response.writeHead(500).end('oops'),
  hang: () => {},
  garbage: (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"choices": [}\n\n<html>'),
}

export interface LyingModel extends AsyncDisposable {
  /** Address whose requests are answered in this way. */
  url(behaviour: keyof typeof behaviours & string): string
}

/** A language model that cannot be relied on. */
export async function startLyingModel(): Promise<LyingModel> {
  const server: Server = createServer((request, response) => {
    request.resume()
    const name = request.url?.split('/')[1] ?? ''
    const behave = behaviours[name]
    if (behave) behave(response)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (behaviour) => `http://127.0.0.1:${port}/${behaviour}/v1/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
