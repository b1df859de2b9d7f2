import type { LookupFunction } from 'node:net'
import { type Clock, type PcmChunk, VoiceError } from '@parley/core'
import { WebSocket } from 'ws'
import type { LiveTransport } from './live-dialect.ts'
import { StreamTimeline } from './stream-timeline.ts'

export interface LiveAddress {
  /** `wss://.../v1/listen?...` */
  readonly url: string
  readonly authorization: string
  /** How its name becomes addresses. Default: as this machine does. */
  readonly lookup?: LookupFunction | undefined
}

/** Called in order; after `closed` nothing more comes. */
export interface LiveListener {
  /** One frame as it came. */
  message(data: unknown): void
  closed(code: number): void
}

const openWithinMs = 5_000
/** The service gives up after ten seconds without audio or a sign of life. */
const keepAliveEveryMs = 4_000
/** 80 ms: one step of the model that reads it. */
const silence = new Int16Array(640)
const normalClosure = 1_000

/** One WebSocket to a live endpoint. Gives a sign of life by the clock when nothing else was sent. */
export class LiveConnection {
  isOpen = true
  private readonly socket: WebSocket
  private readonly clock: Clock
  private readonly transport: LiveTransport
  private readonly timeline = new StreamTimeline()
  private readonly block: Int16Array<ArrayBuffer>
  private filled = 0
  private keepAlive: Disposable
  private sentAtMs: number
  private listener: LiveListener | undefined

  private constructor(socket: WebSocket, clock: Clock, transport: LiveTransport) {
    this.socket = socket
    this.clock = clock
    this.transport = transport
    this.block = new Int16Array(transport.blockSamples)
    this.sentAtMs = clock.nowMs()
    this.keepAlive = this.scheduleKeepAlive()
    socket.on('message', (data, isBinary) => this.listener?.message(isBinary ? data : String(data)))
    socket.on('close', (code) => {
      this.isOpen = false
      this.keepAlive[Symbol.dispose]()
      this.listener?.closed(code)
    })
  }

  /** @throws VoiceError ASR_UNAVAILABLE, ASR_TIMEOUT, ASR_FAILED (credentials) */
  static async open(address: LiveAddress, clock: Clock, transport: LiveTransport): Promise<LiveConnection> {
    const { url, authorization, lookup } = address
    // Deepgram takes its token in a header.
    const socket = new WebSocket(url, {
      headers: { authorization },
      perMessageDeflate: false,
      ...(lookup && { lookup }),
    })
    const { promise, resolve } = Promise.withResolvers<'open' | VoiceError>()
    const watchdog = clock.setTimer(clock.nowMs() + openWithinMs, () =>
      resolve(new VoiceError('ASR_TIMEOUT', { detail: 'no upgrade' })),
    )
    socket.on('open', () => {
      // What the service says at once must find its listener.
      socket.pause()
      resolve('open')
    })
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(refusal(statusCode)))
    // A lost connection is told by `close`, which follows.
    socket.on('error', (cause) => resolve(new VoiceError('ASR_UNAVAILABLE', { detail: 'no connection', cause })))
    const outcome = await promise
    watchdog[Symbol.dispose]()
    if (outcome === 'open') return new LiveConnection(socket, clock, transport)
    socket.terminate()
    throw outcome
  }

  /** Where messages go from now on. Undefined: nowhere. Until it is called nothing is read. */
  listen(listener: LiveListener | undefined): void {
    this.listener = listener
    this.socket.resume()
  }

  /** Copied. */
  sendAudio(chunk: PcmChunk): void {
    this.timeline.sent(chunk)
    this.sendSamples(chunk.samples)
  }

  /** Media time of what the service says about its stream, ms since the first sample of this connection. */
  toMedia(streamMs: number): number {
    return this.timeline.toMedia(streamMs)
  }

  sendControl(type: 'Finalize' | 'KeepAlive' | 'CloseStream'): void {
    this.sentAtMs = this.clock.nowMs()
    this.flush()
    this.socket.send(`{"type":"${type}"}`)
  }

  close(): void {
    this.listen(undefined)
    this.keepAlive[Symbol.dispose]()
    this.socket.close(normalClosure)
  }

  private scheduleKeepAlive(): Disposable {
    return this.clock.setTimer(this.sentAtMs + keepAliveEveryMs, () => {
      if (!this.isOpen) return
      if (this.clock.nowMs() - this.sentAtMs >= keepAliveEveryMs) this.signOfLife()
      this.keepAlive = this.scheduleKeepAlive()
    })
  }

  private signOfLife(): void {
    if (this.transport.keepAlive === 'message') return this.sendControl('KeepAlive')
    this.timeline.filled(silence.length)
    this.sendSamples(silence)
  }

  private sendSamples(samples: Int16Array): void {
    this.sentAtMs = this.clock.nowMs()
    if (this.block.length === 0) return this.transmit(samples)
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + this.block.length - this.filled)
      this.block.set(part, this.filled)
      this.filled += part.length
      at += part.length
      if (this.filled === this.block.length) this.flush()
    }
  }

  private flush(): void {
    if (this.filled > 0) this.transmit(this.block.subarray(0, this.filled))
    this.filled = 0
  }

  /** `Int16` little-endian as it lies in memory; the socket masks a copy. */
  private transmit(samples: Int16Array): void {
    this.socket.send(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
  }
}

/** Bad credentials must not be retried, an overloaded service may. */
function refusal(status = 0): VoiceError {
  if (![401, 402, 403].includes(status)) return new VoiceError('ASR_UNAVAILABLE', { detail: 'upgrade refused' })
  return new VoiceError('ASR_FAILED', { detail: `refused with status ${status}` })
}
