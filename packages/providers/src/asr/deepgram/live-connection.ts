import { type Clock, VoiceError } from '@parley/core'
import { type LiveMessage, parseLiveMessage } from './live-message.ts'

export interface LiveAddress {
  /** `wss://.../v1/listen?...` */
  readonly url: string
  readonly authorization: string
}

/** Called in order; after `closed` nothing more comes. */
export interface LiveListener {
  message(message: LiveMessage): void
  closed(code: number): void
}

const openWithinMs = 5_000
/** The service gives up after ten seconds without audio or a sign of life. */
const keepAliveEveryMs = 4_000
const normalClosure = 1_000

/** One WebSocket to the live endpoint. Says `KeepAlive` by the clock when nothing else was sent. */
export class LiveConnection {
  /** Where messages go; parked connections have nobody. */
  listener: LiveListener | undefined
  isOpen = true
  private readonly socket: WebSocket
  private readonly clock: Clock
  private keepAlive: Disposable
  private sentAtMs: number

  private constructor(socket: WebSocket, clock: Clock) {
    this.socket = socket
    this.clock = clock
    this.sentAtMs = clock.nowMs()
    this.keepAlive = this.scheduleKeepAlive()
    socket.addEventListener('message', (event) => this.listener?.message(parseLiveMessage(event.data)))
    socket.addEventListener('close', (event) => {
      this.isOpen = false
      this.keepAlive[Symbol.dispose]()
      this.listener?.closed(event.code)
    })
  }

  /** @throws VoiceError ASR_UNAVAILABLE, ASR_TIMEOUT, ASR_FAILED (credentials) */
  static async open(address: LiveAddress, clock: Clock): Promise<LiveConnection> {
    // The protocols are absent: Deepgram takes its token in a header, which only servers' WebSocket clients may set.
    const socket = new WebSocket(address.url, { headers: { authorization: address.authorization } })
    socket.binaryType = 'arraybuffer'
    const { promise, resolve } = Promise.withResolvers<'open' | 'failed' | 'late'>()
    const watchdog = clock.setTimer(clock.nowMs() + openWithinMs, () => resolve('late'))
    socket.addEventListener('open', () => resolve('open'))
    socket.addEventListener('error', () => resolve('failed'))
    const outcome = await promise
    watchdog[Symbol.dispose]()
    if (outcome === 'open') return new LiveConnection(socket, clock)
    socket.close()
    throw outcome === 'late' ? new VoiceError('ASR_TIMEOUT', { detail: 'no upgrade' }) : await refusal(address, clock)
  }

  /** `Int16` little-endian as it lies in memory; copied. */
  sendAudio(samples: Int16Array<ArrayBufferLike>): void {
    this.sentAtMs = this.clock.nowMs()
    this.socket.send(new Uint8Array(samples.buffer as ArrayBuffer, samples.byteOffset, samples.byteLength))
  }

  sendControl(type: 'Finalize' | 'KeepAlive' | 'CloseStream'): void {
    this.sentAtMs = this.clock.nowMs()
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
      if (this.clock.nowMs() - this.sentAtMs >= keepAliveEveryMs) this.sendControl('KeepAlive')
      this.keepAlive = this.scheduleKeepAlive()
    })
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
