import { Channel, type Clock, toVoiceError, VoiceError } from '@parley/core'
import { WebSocket } from 'ws'
import { serviceError } from '../http/service-failure.ts'
import type { Line, SpareLines } from './spare-lines.ts'

/** One message of the service: text, or bytes that are the reader's. */
export type SpeechFrame = string | Uint8Array

/** What a connection is opened with. */
export interface SocketRequest {
  /** `ws` or `wss`. May carry credentials and words: it is in no error. */
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as soon as the connection stands. */
  readonly message?: Uint8Array
}

export interface SocketTools {
  readonly clock: Clock
  readonly lines: SpareLines
}

/** Frames that wait for their reader before the service is slowed down. */
const maxWaiting = 64
const maxFrameBytes = 1_048_576
const normalClosure = 1_000

/** One WebSocket to a speech service, for one request. Owned by its single reader, who leaves it. */
export class SpeechSocket {
  private readonly frames = new Channel<SpeechFrame>(Number.POSITIVE_INFINITY, 'fail')
  private readonly reader = this.frames[Symbol.asyncIterator]()
  private readonly opened = Promise.withResolvers<void>()
  private readonly socket: WebSocket
  private readonly clock: Clock
  private readonly signal: AbortSignal

  private constructor({ url, headers = {} }: SocketRequest, line: Line, clock: Clock, signal: AbortSignal) {
    this.clock = clock
    this.signal = signal
    this.socket = new WebSocket(url, {
      createConnection: () => line.socket,
      headers,
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
    })
    this.socket.on('open', this.opened.resolve)
    this.socket.on('message', (data: Buffer, isBinary) => this.take(isBinary ? data : data.toString()))
    this.socket.on('unexpected-response', (_request, { statusCode = 0 }) =>
      this.fail(serviceError(statusCode, undefined)),
    )
    this.socket.on('error', (cause) => this.fail(new VoiceError('TTS_UNAVAILABLE', { detail: 'no connection', cause })))
    this.socket.on('close', (code) =>
      this.fail(new VoiceError('TTS_UNAVAILABLE', { detail: `connection closed with code ${code}` })),
    )
    signal.addEventListener('abort', this.onAbort, { once: true })
  }

  /**
   * Connects, at the latest at `deadlineMs`, and sends the message. A spare line that the service closed meanwhile is
   * replaced. Aborting closes the socket. @throws VoiceError TTS_UNAVAILABLE, TTS_FAILED (refused), TTS_TIMEOUT; on
   * abort the signal's reason
   */
  static async open(
    request: SocketRequest,
    tools: SocketTools,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<SpeechSocket> {
    signal.throwIfAborted()
    for (;;) {
      const line = tools.lines.take(request.url)
      const socket = new SpeechSocket(request, line, tools.clock, signal)
      try {
        await socket.stand(deadlineMs)
        if (request.message) socket.socket.send(request.message)
        return socket
      } catch (error) {
        socket.leave(false)
        signal.throwIfAborted()
        if (!line.isSpare || !isStale(error)) throw error
      }
    }
  }

  /**
   * The next frame; what came before an end is given first.
   * @throws VoiceError TTS_TIMEOUT when none has come by `deadlineMs`, TTS_UNAVAILABLE after the end of the connection; on
   * abort the signal's reason
   */
  async next(deadlineMs: number): Promise<SpeechFrame> {
    this.signal.throwIfAborted()
    const watchdog = this.frames.size > 0 ? undefined : this.failAt(deadlineMs, 'no audio in time')
    try {
      const next = await this.reader.next()
      this.signal.throwIfAborted()
      if (next.done) throw new VoiceError('TTS_UNAVAILABLE', { detail: 'connection closed' })
      return next.value
    } finally {
      watchdog?.[Symbol.dispose]()
      if (this.frames.size < maxWaiting) this.socket.resume()
    }
  }

  /**
   * Nothing more is read. Before the end of the answer the connection is dropped at once: the service learns that nobody
   * listens any more.
   */
  leave(isAnswered: boolean): void {
    this.frames.close()
    this.signal.removeEventListener('abort', this.onAbort)
    if (!isAnswered) return this.socket.terminate()
    this.socket.resume()
    this.socket.close(normalClosure)
  }

  private async stand(deadlineMs: number): Promise<void> {
    const watchdog = this.failAt(deadlineMs, 'no upgrade')
    await this.opened.promise.finally(() => watchdog[Symbol.dispose]())
  }

  private readonly onAbort = () => {
    this.fail(this.signal.reason)
    this.socket.terminate()
  }

  private take(frame: SpeechFrame): void {
    this.frames.push(frame)
    if (this.frames.size >= maxWaiting) this.socket.pause()
  }

  private fail(error: unknown): void {
    this.opened.reject(error)
    this.frames.close(error)
  }

  private failAt(deadlineMs: number, detail: string): Disposable {
    return this.clock.setTimer(deadlineMs, () => this.fail(new VoiceError('TTS_TIMEOUT', { detail })))
  }
}

/** May the other side have given the line up while it waited? */
function isStale(error: unknown): boolean {
  const { cause } = toVoiceError(error, 'TTS_UNAVAILABLE')
  return ['ECONNRESET', 'EPIPE'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '')
}
