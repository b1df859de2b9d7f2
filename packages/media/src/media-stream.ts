import {
  Channel,
  type EarlySound,
  type MediaEvent,
  type MediaOptions,
  type MediaStream,
  type PcmChunk,
  type Playout,
  type Random,
  type ReofferResult,
  type RtpStatistics,
  VoiceError,
} from '@parley/core'
import { sharedAmbienceLoop } from './ambience/shared-ambience-loop.ts'
import { PlayoutWriter } from './playout/playout-writer.ts'
import { MediaSecurity } from './sdp/media-security.ts'
import { Negotiation } from './sdp/negotiation.ts'
import type { RemoteMedia } from './sdp/remote-media.ts'
import type { OpenLeg } from './worker/messages.ts'
import { PlayoutRing } from './worker/playout-ring.ts'
import type { RingMemory, RingMemoryPool } from './worker/ring-memory.ts'
import { UplinkRing } from './worker/uplink-ring.ts'
import type { LinkListener, WorkerLink } from './worker/worker-link.ts'

const maxEvents = 1000
/** Ten seconds and more: a reader that is further behind wants the newest. */
const maxUplinkChunks = 500
/** Five seconds. */
const maxEarlySounds = 50

export interface StreamPlace {
  readonly link: WorkerLink
  readonly id: number
  readonly rtpPort: number
  readonly memory: RingMemoryPool
  readonly originId: number
  readonly random: Random
  nowMs(): number
  /** Called once, when the stream is closed. */
  release(): void
}

/** A leg's media as the main thread sees it; the work is done by the worker at the other end of `link`. */
export class WorkerStream implements MediaStream, LinkListener {
  readonly playout: Playout
  private readonly place: StreamPlace
  private readonly options: MediaOptions
  private readonly negotiation: Negotiation
  private readonly eventQueue = new Channel<MediaEvent>(maxEvents, 'drop-oldest')
  private uplinkQueue = new Channel<PcmChunk>(maxUplinkChunks, 'drop-oldest')
  private hasUplinkReader = false
  private readonly earlyQueue = new Channel<EarlySound>(maxEarlySounds, 'drop-oldest')
  private readonly memory: RingMemory
  private readonly uplinkRing: UplinkRing
  private readonly writer: PlayoutWriter
  private closing: Promise<void> | undefined

  constructor(place: StreamPlace, options: MediaOptions) {
    this.place = place
    this.options = options
    this.negotiation = new Negotiation({
      host: options.advertisedHost,
      port: place.rtpPort,
      codecs: options.codecs,
      ptimeMs: options.ptimeMs ?? 20,
      originId: place.originId,
      security: new MediaSecurity(options.srtp ?? 'off', place.random),
    })
    this.memory = place.memory.take()
    this.uplinkRing = new UplinkRing(this.memory.uplink)
    this.writer = new PlayoutWriter(new PlayoutRing(this.memory.playout), () =>
      place.link.send({ type: 'wake', id: place.id }),
    )
    this.playout = this.writer
  }

  /** The worker this stream is served by. */
  get link(): WorkerLink {
    return this.place.link
  }

  /** Opens the worker's side. @throws PortBusyError; VoiceError MEDIA_WORKER_LOST, INTERNAL */
  async open(): Promise<void> {
    const { callId, recordingPath, farFieldSuppression, detectTones = false, dtmf, sources } = this.options
    const { ambience, complianceTone } = this.options
    const { link, id, rtpPort } = this.place
    const leg: OpenLeg = {
      id,
      callId,
      rtpPort,
      ...this.memory,
      farFieldSuppression,
      detectTones,
      ...(recordingPath === undefined ? {} : { recordingPath }),
      ...(dtmf === undefined ? {} : { dtmf }),
      ...(sources === undefined ? {} : { sources }),
      ...(ambience && { ambience: { loop: sharedAmbienceLoop(ambience.scene), volume: ambience.volume } }),
      ...(complianceTone === undefined ? {} : { complianceTone }),
    }
    link.streams.set(id, this)
    try {
      await link.request({ type: 'open', leg })
    } catch (error) {
      link.streams.delete(id)
      throw error
    }
  }

  get events(): AsyncIterable<MediaEvent> {
    return this.eventQueue
  }

  get uplink(): AsyncIterable<PcmChunk> {
    if (this.hasUplinkReader && this.closing === undefined) {
      this.uplinkQueue.close()
      this.uplinkQueue = new Channel<PcmChunk>(maxUplinkChunks, 'drop-oldest')
    }
    this.hasUplinkReader = true
    return this.uplinkQueue
  }

  get early(): AsyncIterable<EarlySound> {
    return this.earlyQueue
  }

  offer(): string {
    return this.negotiation.offer()
  }

  async acceptAnswer(sdp: string): Promise<void> {
    await this.apply(this.negotiation.acceptAnswer(sdp))
  }

  async listenEarly(sdp: string): Promise<void> {
    const remote = this.negotiation.acceptAnswer(sdp)
    await this.place.link.request({ type: 'listen', id: this.place.id, remote })
  }

  async answerOffer(sdp: string): Promise<ReofferResult> {
    const answer = this.negotiation.answer(sdp)
    await this.apply(answer.remote)
    return { sdp: answer.sdp, held: !answer.remote.maySend }
  }

  async start(): Promise<{ readonly startedAtMs: number }> {
    this.earlyQueue.close()
    const value = await this.place.link.request({ type: 'start', id: this.place.id })
    if (!value || !('startedAtMs' in value)) throw new VoiceError('INTERNAL', { detail: 'start without an instant' })
    return value
  }

  pauseRecording(paused: boolean): void {
    this.place.link.send({ type: 'recording', id: this.place.id, paused })
  }

  sendDtmf(keys: string): void {
    this.place.link.send({ type: 'dtmf', id: this.place.id, keys })
  }

  async bridgeTo(other: MediaStream): Promise<void> {
    const { link, id } = this.place
    if (!(other instanceof WorkerStream) || other.place.link !== link) {
      throw new VoiceError('INTERNAL', { detail: 'streams of two workers cannot be bridged' })
    }
    await link.request({ type: 'bridge', id, other: other.place.id })
  }

  async statistics(): Promise<RtpStatistics> {
    const value = await this.place.link.request({ type: 'statistics', id: this.place.id })
    if (!value || !('packetsSent' in value)) throw new VoiceError('INTERNAL', { detail: 'no statistics' })
    return value
  }

  /** Idempotent. Resolves when ports are free and the recording is complete. */
  [Symbol.asyncDispose](): Promise<void> {
    this.closing ??= this.close()
    return this.closing
  }

  // From the worker.

  onEvent(event: MediaEvent): void {
    // Audio that belongs before the event is handed over before it.
    this.onUplink()
    this.eventQueue.push(event)
  }

  onUplink(): void {
    for (let chunk = this.uplinkRing.take(); chunk; chunk = this.uplinkRing.take()) this.uplinkQueue.push(chunk)
  }

  onEarly(sound: EarlySound): void {
    this.earlyQueue.push(sound)
  }

  onRoom(): void {
    this.writer.refill()
  }

  onLost(): void {
    this.eventQueue.push({ type: 'media.failed', code: 'MEDIA_WORKER_LOST', atMs: this.place.nowMs() })
  }

  private apply(remote: RemoteMedia): Promise<unknown> {
    return this.place.link.request({ type: 'remote', id: this.place.id, remote })
  }

  private async close(): Promise<void> {
    const { link, id, memory } = this.place
    let isFree = false
    try {
      if (!link.isLost) await link.request({ type: 'close', id })
      isFree = !link.isLost
    } catch {
      // The worker died meanwhile, and the leg with it.
    } finally {
      link.streams.delete(id)
      this.onUplink()
      this.writer.close()
      if (isFree) memory.giveBack(this.memory)
      this.eventQueue.close()
      this.uplinkQueue.close()
      this.earlyQueue.close()
      this.place.release()
    }
  }
}
