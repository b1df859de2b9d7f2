import type { IncomingMessage } from 'node:http'

/**
 * Reads the rest of a body that was refused, up to `limitBytes`, and drops it. Answered before that, most clients would
 * see a broken connection instead of the answer. Never rejects; ends with the connection, which the server bounds in time.
 */
export function drainRequest(request: IncomingMessage, limitBytes: number): Promise<void> {
  return new Promise((resolve) => {
    if (request.readableEnded || request.destroyed) return resolve()
    let taken = 0
    const done = () => {
      request.off('data', onData)
      resolve()
    }
    const onData = (chunk: Buffer) => {
      taken += chunk.length
      if (taken > limitBytes) done()
    }
    request.on('data', onData)
    request.once('end', done)
    request.once('close', done)
    request.once('error', done)
    request.resume()
  })
}
