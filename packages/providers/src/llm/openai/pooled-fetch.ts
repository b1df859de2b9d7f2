import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'

/** Longest answer taken from one request; a longer one is a broken server. */
const maxBodyBytes = 8_000_000
/** How long an unused connection is kept. Longer than a pause between two turns of a call. */
const idleConnectionMs = 120_000

export type FetchLike = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * A `fetch` over `node:http(s)` that keeps its connections. The global `fetch` closes an idle connection after 4 s, so
 * that nearly every turn of a call would pay for a new TCP and TLS handshake.
 *
 * A body that is cancelled without abort is drained, which gives the connection back to the pool; an abort closes it.
 */
export class PooledFetch implements Disposable {
  private closed = false
  private readonly agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent }

  /** `lookup`: how names become addresses. Default: as this machine does. */
  constructor(lookup?: LookupFunction) {
    const reuse = { keepAlive: true, keepAliveMsecs: 15_000, timeout: idleConnectionMs, scheduling: 'lifo' } as const
    const options = { ...reuse, ...(lookup && { lookup }) }
    this.agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) }
  }

  readonly fetch: FetchLike = (url, init = {}) => this.send(new URL(String(url)), init)

  /**
   * Opens a connection to the origin of `url` with a request that carries nothing and costs nothing, unless an idle one
   * is at hand. Servers close what is idle, some after five seconds: worth asking for again whenever a request is near.
   * Never fails.
   */
  async prewarm(url: URL, signal?: AbortSignal): Promise<void> {
    if (this.hasIdle(url)) return
    try {
      const bare = new URL('/', url)
      // Not HEAD: Node's client drops the connection after one whose answer does not state a length.
      const response = await this.send(bare, { method: 'OPTIONS', ...(signal ? { signal } : {}) })
      await response.arrayBuffer()
    } catch {
      // Warming is a favour; the request that follows reports what is wrong.
    }
  }

  /** Breaks what is under way; further requests fail. */
  [Symbol.dispose](): void {
    this.closed = true
    this.agents['http:'].destroy()
    this.agents['https:'].destroy()
  }

  private hasIdle(url: URL): boolean {
    const agent = url.protocol === 'https:' ? this.agents['https:'] : this.agents['http:']
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    // The pool's keys begin with host and port; behind them come TLS options, which are the same for all requests here.
    const prefix = `${url.hostname.replace(/^\[|\]$/g, '')}:${port}:`
    return Object.entries(agent.freeSockets).some(([key, sockets]) => key.startsWith(prefix) && sockets?.length)
  }

  private send(url: URL, init: RequestInit): Promise<Response> {
    const signal = init.signal ?? undefined
    if (this.closed) return Promise.reject(new Error('the connections are closed'))
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return Promise.reject(new TypeError('the address is neither http nor https'))
    }
    const [client, agent] = url.protocol === 'https:' ? [https, this.agents['https:']] : [http, this.agents['http:']]
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const headers = Object.fromEntries(new Headers(init.headers).entries())
      const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined
      if (body) headers['content-length'] = String(body.length)
      const request = client.request(url, { method: init.method ?? 'GET', headers, agent })
      const onAbort = () => request.destroy(abortError(signal))
      signal?.addEventListener('abort', onAbort, { once: true })
      request.on('close', () => signal?.removeEventListener('abort', onAbort))
      request.on('error', reject)
      request.setNoDelay(true)
      request.on('response', (incoming) => {
        const response = toResponse(incoming)
        // Without a body there is nothing to wait for but that the connection is back in the pool.
        if (response.body) resolve(response)
        else request.on('close', () => resolve(response))
      })
      request.end(body)
    })
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError')
}

function toResponse(incoming: http.IncomingMessage): Response {
  const status = incoming.statusCode ?? 0
  const headers = new Headers()
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '')
  }
  const init = { status: Math.max(200, status), headers }
  if (status === 204 || status === 205 || status === 304) {
    incoming.resume()
    return new Response(null, init)
  }
  return new Response(bodyOf(incoming), init)
}

function bodyOf(incoming: http.IncomingMessage): ReadableStream<Uint8Array> {
  let total = 0
  let over = false
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (chunk: Buffer) => {
        if (over) return
        total += chunk.length
        if (total > maxBodyBytes) return void incoming.destroy(new Error('the answer is too long'))
        controller.enqueue(new Uint8Array(chunk))
      })
      incoming.on('end', () => {
        if (!over) controller.close()
        over = true
      })
      incoming.on('error', (error) => {
        if (!over) controller.error(error)
        over = true
      })
      incoming.on('close', () => {
        if (!over) controller.error(new Error('the connection was closed early'))
        over = true
      })
    },
    cancel() {
      over = true
      incoming.resume()
    },
  })
}
