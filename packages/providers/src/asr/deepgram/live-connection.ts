import { type Clock, type PcmChunk, VoiceError } from '@parley/core'
import type { LiveTransport } from './live-dialect.ts'
import { StreamTimeline } from './stream-timeline.ts'

export interface LiveAddress {
  /** `wss://.../v1/listen?...` */
  readonly url: string
  readonly authorization: string
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
  /** Where messages go; parked connections have nobody. */
  listener: LiveListener | undefined
  isOpen = true
  private readonly socket: WebSocket
  private readonly clock: Clock
  private readonly transport: LiveTransport
  private readonly timeline = new StreamTimeline()
  private readonly block: Int16Array<ArrayBuffer>
  private filled = 0
  private keepAlive: Disposable
  private sentAtMs: number

  private constructor(socket: WebSocket, clock: Clock, transport: LiveTransport) {
    this.socket = socket
    this.clock = clock
    this.transport = transport
    this.block = new Int16Array(transport.blockSamples)
    this.sentAtMs = clock.nowMs()
    this.keepAlive = this.scheduleKeepAlive()
    socket.addEventListener('message', (event) => this.listener?.message(event.data))
    socket.addEventListener('close', (event) => {
      this.isOpen = false
      this.keepAlive[Symbol.dispose]()
      this.listener?.closed(event.code)
    })
  }

  /** @throws VoiceError ASR_UNAVAILABLE, ASR_TIMEOUT, ASR_FAILED (credentials) */
  static async open(address: LiveAddress, clock: Clock, transport: LiveTransport): Promise<LiveConnection> {
    // The protocols are absent: Deepgram takes its token in a header, which only servers' WebSocket clients may set.
    const socket = new WebSocket(address.url, { headers: { authorization: address.authorization } })
    socket.binaryType = 'arraybuffer'
    const { promise, resolve } = Promise.withResolvers<'open' | 'failed' | 'late'>()
    const watchdog = clock.setTimer(clock.nowMs() + openWithinMs, () => resolve('late'))
    socket.addEventListener('open', () => resolve('open'))
    socket.addEventListener('error', () => resolve('failed'))
    const outcome = await promise
    watchdog[Symbol.dispose]()
    if (outcome === 'open') return new LiveConnection(socket, clock, transport)
    socket.close()
    throw outcome === 'late' ? new VoiceError('ASR_TIMEOUT', { detail: 'no upgrade' }) : await refusal(address, clock)
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
    this.listener = undefined
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
    this.socket.send(new Uint8Array(samples.buffer as ArrayBuffer, samples.byteOffset, samples.byteLength))
  }
}

/**
 * Node's WebSocket does not tell the status of a refused upgrade, so the same address is asked by plain HTTP: bad
 * credentials must not be retried, an overloaded service may.
 */
async function refusal(address: LiveAddress, clock: Clock): Promise<VoiceError> {
  const controller = new AbortController()
  const watchdog = clock.setTimer(clock.nowMs() + openWithinMs, () => controller.abort())
  try {
    const response = await fetch(address.url.replace(/^ws/, 'http'), {
      headers: { authorization: address.authorization },
      signal: controller.signal,
    })
    await response.body?.cancel()
    if ([401, 402, 403].includes(response.status)) {
      return new VoiceError('ASR_FAILED', { detail: `refused with status ${response.status}` })
    }
    return new VoiceError('ASR_UNAVAILABLE', { detail: 'upgrade refused' })
  } catch (error) {
    return new VoiceError('ASR_UNAVAILABLE', { detail: 'no connection', cause: error })
  } finally {
    watchdog[Symbol.dispose]()
  }
}
