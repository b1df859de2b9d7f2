import { type Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Clock, toVoiceError, VoiceError } from '@parley/core'
import { type FailureReader, serviceError } from './service-failure.ts'

/** One POST to a speech service, ready to be sent. */
export interface SpeechPost {
  readonly url: URL
  readonly agent: Agent
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Longest wait for the response head, and for each piece of the body. */
  readonly patienceMs: number
  readonly failureIn: FailureReader
}

export interface SpeechAnswer {
  readonly contentType: string
  /** Pieces as they come. Throws VoiceError TTS_* when the body is cut or stalls. Single reader. */
  readonly body: AsyncIterable<Uint8Array>
}

const maxErrorBytes = 8_192

/**
 * Sends the request and resolves with the head of a successful answer: status 200, and no JSON.
 *
 * Aborting destroys the connection, which is how the service learns that nobody listens any more.
 * @throws VoiceError TTS_UNAVAILABLE, TTS_FAILED, TTS_TIMEOUT; on abort the signal's reason
 */
export async function postSpeech(post: SpeechPost, clock: Clock, signal: AbortSignal): Promise<SpeechAnswer> {
  try {
    const { request, response } = await headOf(post, clock, signal)
    const contentType = response.headers['content-type'] ?? ''
    const status = response.statusCode ?? 0
    if (status !== 200 || contentType.toLowerCase().startsWith('application/json')) {
      throw serviceError(status, post.failureIn(parsed(await readSome(response))))
    }
    return { contentType, body: piecesOf(request, response, post.patienceMs, clock, signal) }
  } catch (error) {
    throw signal.aborted ? signal.reason : toVoiceError(error, 'TTS_UNAVAILABLE')
  }
}

interface Head {
  readonly request: ClientRequest
  readonly response: IncomingMessage
}

/** A kept connection may have been closed by the service while the request was on its way: that is tried once more. */
async function headOf(post: SpeechPost, clock: Clock, signal: AbortSignal): Promise<Head> {
  const first = await attempt(post, clock, signal)
  if (first.response) return { request: first.request, response: first.response }
  if (!first.stale) throw first.error
  const second = await attempt(post, clock, signal)
  if (second.response) return { request: second.request, response: second.response }
  throw second.error
}

interface Attempt {
  readonly request: ClientRequest
  readonly response?: IncomingMessage
  readonly error?: Error
  readonly stale?: boolean
}

function attempt(post: SpeechPost, clock: Clock, signal: AbortSignal): Promise<Attempt> {
  const send = post.url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve) => {
    const request = send(post.url, { method: 'POST', agent: post.agent, headers: post.headers })
    // Not as an option of the request: the agent would hand it on to the connection, which outlives the request. Without an
    // error: nobody listens for one on a connection whose answer is whole.
    const onAbort = () => request.destroy()
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    request.on('close', () => signal.removeEventListener('abort', onAbort))
    const watchdog = clock.setTimer(clock.nowMs() + post.patienceMs, () => request.destroy(tooSlow()))
    request.on('response', (response) => {
      watchdog[Symbol.dispose]()
      resolve({ request, response })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      watchdog[Symbol.dispose]()
      resolve({ request, error, stale: request.reusedSocket && error.code === 'ECONNRESET' })
    })
    request.end(post.body)
  })
}

async function* piecesOf(
  request: ClientRequest,
  response: IncomingMessage,
  patienceMs: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  try {
    for (;;) {
      const watchdog = clock.setTimer(clock.nowMs() + patienceMs, () => response.destroy(tooSlow()))
      const next = await pieces.next().finally(() => watchdog[Symbol.dispose]())
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : toVoiceError(error, 'TTS_UNAVAILABLE')
  } finally {
    if (!response.complete) request.destroy()
  }
}

const tooSlow = () => new VoiceError('TTS_TIMEOUT')

async function readSome(response: IncomingMessage): Promise<string> {
  let text = ''
  try {
    for await (const piece of response) {
      text += String(piece)
      if (text.length > maxErrorBytes) break
    }
  } catch {
    // The status is known; a body cut short only costs the explanation.
  }
  return text
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
