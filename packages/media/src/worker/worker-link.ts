import { type EarlySound, type Logger, type RtpStatistics, VoiceError } from '@parley/core'
import type { FromWorker, RequestBody, StartedLeg, ToWorker } from './messages.ts'

/** The main thread's end of the line to a worker; `Worker` and `LocalPort` satisfy it. */
export interface EnginePort {
  postMessage(message: unknown): void
}

/** What a stream hears from its worker. */
export interface LinkListener {
  onEvent(event: Extract<FromWorker, { type: 'event' }>['event']): void
  onUplink(): void
  onEarly(sound: EarlySound): void
  onRoom(): void
  onLost(): void
}

/** The worker refused because another process has the port. */
export class PortBusyError extends Error {}

interface Waiting {
  resolve(value: StartedLeg | RtpStatistics | undefined): void
  reject(error: unknown): void
}

/** One worker as the engine sees it: requests with replies, and the streams it serves. */
export class WorkerLink {
  readonly streams = new Map<number, LinkListener>()
  private readonly port: EnginePort
  private readonly logger: Logger
  private readonly waiting = new Map<number, Waiting>()
  private requests = 0
  private lost = false

  constructor(port: EnginePort, logger: Logger) {
    this.port = port
    this.logger = logger
  }

  get isLost(): boolean {
    return this.lost
  }

  /** @throws VoiceError MEDIA_WORKER_LOST, INTERNAL; PortBusyError */
  request(body: RequestBody): Promise<StartedLeg | RtpStatistics | undefined> {
    if (this.lost) return Promise.reject(new VoiceError('MEDIA_WORKER_LOST'))
    this.requests += 1
    const request = this.requests
    return new Promise((resolve, reject) => {
      this.waiting.set(request, { resolve, reject })
      this.send({ type: 'request', request, body })
    })
  }

  send(message: ToWorker): void {
    if (!this.lost) this.port.postMessage(message)
  }

  onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'uplink':
        for (const stream of this.streams.values()) stream.onUplink()
        return
      case 'event':
        this.streams.get(message.id)?.onEvent(message.event)
        return
      case 'early':
        this.streams.get(message.id)?.onEarly(message.sound)
        return
      case 'room':
        this.streams.get(message.id)?.onRoom()
        return
      case 'log':
        this.logger[message.level](message.message, message.fields)
        return
      case 'reply':
        this.settle(message.request)?.resolve(message.value)
        return
      case 'refusal':
        this.settle(message.request)?.reject(
          message.portBusy ? new PortBusyError(message.detail) : new VoiceError('INTERNAL', { detail: message.detail }),
        )
        return
      default:
        message satisfies never
    }
  }

  /** The worker is gone: everything that waits fails, every stream is told. */
  lose(): void {
    if (this.lost) return
    this.lost = true
    for (const waiting of this.waiting.values()) waiting.reject(new VoiceError('MEDIA_WORKER_LOST'))
    this.waiting.clear()
    for (const stream of [...this.streams.values()]) stream.onLost()
  }

  private settle(request: number): Waiting | undefined {
    const waiting = this.waiting.get(request)
    this.waiting.delete(request)
    return waiting
  }
}
