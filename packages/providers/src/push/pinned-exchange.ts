import type { LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock, HttpAnswer } from '@parley/core'
import { connectableAddresses, nameServers, type Resolve } from './public-addresses.ts'

export interface PinnedOptions {
  readonly clock: Clock
  /** May requests go to loopback, private and link-local addresses? */
  readonly allowPrivate: boolean
  /** Default: the name servers of this machine. */
  readonly resolve?: Resolve
}

export interface PinnedRequest {
  readonly method: 'GET' | 'POST'
  /** `http` or `https`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** From the look-up of the name to the end of the answer. */
  readonly timeoutMs: number
  /** Beginning of the answer that is wanted. 0: the status is enough. */
  readonly answerBytes: number
}

export type PinnedAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly bytes: Buffer }
  | Extract<HttpAnswer, { readonly kind: 'failed' }>

/**
 * Sends single requests to addresses that somebody else chose. The name is resolved once, every address is judged, and the
 * connection goes to one of these: a name that changes its mind in between leads nowhere else. Redirects are answers like
 * any other and not followed. One deadline holds for everything, and no more of the answer is read than is wanted. Each
 * request has a connection of its own, which is closed afterwards. Rejects only with the signal's reason.
 */
export function createPinnedExchange({ clock, allowPrivate, resolve }: PinnedOptions) {
  const addressesOf = resolve ?? nameServers(allowPrivate)
  return async (request: PinnedRequest, signal: AbortSignal): Promise<PinnedAnswer> => {
    signal.throwIfAborted()
    const stop = new AbortController()
    const { promise: cut, resolve: cutOff } = Promise.withResolvers<PinnedAnswer>()
    using _deadline = clock.setTimer(clock.nowMs() + request.timeoutMs, () => {
      cutOff({ kind: 'failed', reason: 'timeout' })
      stop.abort()
    })
    const onAbort = () => {
      cutOff({ kind: 'failed', reason: 'no connection' })
      stop.abort()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const answer = await Promise.race([cut, exchange(request, addressesOf, allowPrivate, stop.signal)])
      signal.throwIfAborted()
      return answer
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

async function exchange(
  request: PinnedRequest,
  resolve: Resolve,
  allowPrivate: boolean,
  stop: AbortSignal,
): Promise<PinnedAnswer> {
  const url = new URL(request.url)
  const addresses = await connectableAddresses(url.hostname, resolve, allowPrivate)
  if (typeof addresses === 'string') return { kind: 'failed', reason: addresses }
  if (stop.aborted) return { kind: 'failed', reason: 'timeout' }
  const client = url.protocol === 'https:' ? https : http
  const { method, body, answerBytes } = request
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const headers = { ...request.headers, ...length, connection: 'close' }
  return new Promise((settle) => {
    const outgoing = client.request(url, { method, headers, agent: false, lookup: pinned(addresses) })
    const end = (answer: PinnedAnswer) => {
      settle(answer)
      stop.removeEventListener('abort', onStop)
      outgoing.destroy()
    }
    const onStop = () => end({ kind: 'failed', reason: 'timeout' })
    stop.addEventListener('abort', onStop, { once: true })
    // Also errors that come after the end: nobody waits for them.
    outgoing.on('error', () => end({ kind: 'failed', reason: 'no connection' }))
    outgoing.on('response', (incoming) => {
      const status = incoming.statusCode ?? 0
      if (answerBytes === 0) return end({ kind: 'answered', status, bytes: Buffer.alloc(0) })
      const chunks: Buffer[] = []
      let bytes = 0
      const finish = () => end({ kind: 'answered', status, bytes: Buffer.concat(chunks).subarray(0, answerBytes) })
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes >= answerBytes) finish()
      })
      incoming.on('end', finish)
      incoming.on('error', () => end({ kind: 'failed', reason: 'no connection' }))
      incoming.on('close', () => end({ kind: 'failed', reason: 'no connection' }))
    })
    outgoing.end(body)
  })
}

/** Answers with what was judged, whatever it is asked. Not called for addresses written as such. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, options, callback) => {
    const [first = { address: '', family: 0 }] = addresses
    if (options.all) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}
