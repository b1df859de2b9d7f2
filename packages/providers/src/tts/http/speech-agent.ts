import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import type { Clock } from '@parley/core'

/** Where a speech service is reached, and what keeps the connections to it. */
export interface SpeechEndpoint {
  /** Without or with TLS, as `agent` is. */
  readonly url: URL
  readonly agent: HttpAgent
}

/** Idle connections are kept over the user's turn and given back some time after the call. */
const idleSocketMs = 90_000
const connectWithinMs = 5_000

/** Connections to speech services. `lookup`: how names become addresses. */
export function speechAgent(secure: boolean, lookup?: LookupFunction): HttpAgent {
  const options = { keepAlive: true, timeout: idleSocketMs, scheduling: 'lifo' as const, ...(lookup && { lookup }) }
  return secure ? new HttpsAgent(options) : new HttpAgent(options)
}

/** Resolves when the agent holds an idle connection, or cannot: then the first request fails, with a code. */
export function openConnection({ url, agent }: SpeechEndpoint, clock: Clock): Promise<void> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    // Speech is asked for with POST, so any status will do. Not HEAD: Node closes the connection after a HEAD without length.
    const request = send(url, { method: 'OPTIONS', agent }, (response) => response.resume())
    const watchdog = clock.setTimer(clock.nowMs() + connectWithinMs, () => request.destroy())
    let connection: Socket | undefined
    const settle = () => {
      watchdog[Symbol.dispose]()
      // The connection serves many requests, and would keep every one of them.
      connection?.off('free', settle).off('close', settle)
      resolve()
    }
    request.on('socket', (socket) => {
      connection = socket.once('free', settle).once('close', settle)
    })
    request.on('error', settle)
    request.end()
  })
}
