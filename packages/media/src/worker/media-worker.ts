import {
  type Clock,
  type EarlySound,
  frameMs,
  type Logger,
  type MediaEvent,
  type Random,
  type RtpStatistics,
} from '@parley/core'
import { Pacer } from '../pacer.ts'
import { WavRecorder } from '../recording/wav-recorder.ts'
import { EnergyModel } from '../vad/energy-model.ts'
import { VoiceDetector } from '../vad/voice-detector.ts'
import { SileroModel, type VoiceModel } from '../vad/voice-model.ts'
import { Leg, type LegHost } from './leg.ts'
import type { FromWorker, OpenLeg, RequestBody, StartedLeg, ToWorker, WorkerPort, WorkerSettings } from './messages.ts'
import { sileroModelPath } from './model-path.ts'
import { PortLogger } from './port-logger.ts'

/**
 * Serves the media of many calls on this thread: the whole of a media worker. `port` is the line to the main thread
 * (`parentPort`); `clock` must read the same on both threads. Ends, closing the port, when the engine is disposed.
 */
export function runMediaWorker(port: WorkerPort, clock: Clock, random: Random): void {
  const worker = new MediaWorker(port, clock, random)
  // Only the engine holds the other end.
  port.on('message', (message) => worker.onMessage(message as ToWorker))
}

const healthEveryMs = 10_000

class MediaWorker implements LegHost {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  bindHost = ''
  rtpTimeoutMs = 30_000
  private readonly port: WorkerPort
  private readonly legs = new Map<number, Leg>()
  private readonly pacer: Pacer
  private detector: VoiceDetector | undefined
  private hasUplink = false
  private healthAtMs = 0

  constructor(port: WorkerPort, clock: Clock, random: Random) {
    this.port = port
    this.clock = clock
    this.random = random
    this.logger = new PortLogger(port)
    this.pacer = new Pacer(clock, (nowMs) => this.afterTick(nowMs))
  }

  onMessage(message: ToWorker): void {
    switch (message.type) {
      case 'wake':
        this.legs.get(message.id)?.takePlayout()
        return
      case 'dtmf':
        this.legs.get(message.id)?.sendKeys(message.keys)
        return
      case 'recording':
        this.legs.get(message.id)?.pauseRecording(message.paused)
        return
      case 'request':
        void this.answer(message.request, message.body)
        return
      default:
        message satisfies never
    }
  }

  post(id: number, event: MediaEvent): void {
    this.tell({ type: 'event', id, event })
  }

  postEarly(id: number, sound: EarlySound): void {
    this.tell({ type: 'early', id, sound })
  }

  uplinkChanged(): void {
    this.hasUplink = true
  }

  roomAgain(id: number): void {
    this.tell({ type: 'room', id })
  }

  private afterTick(nowMs: number): void {
    if (this.hasUplink) {
      this.hasUplink = false
      this.tell({ type: 'uplink' })
    }
    this.detector?.poll()
    if (nowMs >= this.healthAtMs) this.reportHealth(nowMs)
  }

  private reportHealth(nowMs: number): void {
    this.healthAtMs = nowMs + healthEveryMs
    const lateMs = Math.round(this.pacer.takeWorstLateMs())
    if (lateMs > frameMs) this.logger.warn('media thread is late', { lateMs, streams: this.legs.size })
  }

  private async answer(request: number, body: RequestBody): Promise<void> {
    try {
      const value = await this.serve(body)
      this.tell(value === undefined ? { type: 'reply', request } : { type: 'reply', request, value })
    } catch (error) {
      const portBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      this.tell({ type: 'refusal', request, portBusy, detail: String(error) })
    }
    if (body.type === 'shutdown') this.port.close()
  }

  private async serve(body: RequestBody): Promise<StartedLeg | RtpStatistics | undefined> {
    switch (body.type) {
      case 'init':
        return this.init(body.settings)
      case 'open':
        return this.open(body.leg)
      case 'remote':
        await this.leg(body.id).configure(body.remote)
        return undefined
      case 'listen':
        await this.leg(body.id).listen(body.remote)
        return undefined
      case 'start':
        return { startedAtMs: this.leg(body.id).start() }
      case 'bridge':
        return void this.leg(body.id).join(this.leg(body.other))
      case 'statistics':
        return this.leg(body.id).statistics()
      case 'close':
        return this.close(body.id)
      case 'shutdown':
        return this.shutdown()
      default:
        return body satisfies never
    }
  }

  private async init(settings: WorkerSettings): Promise<undefined> {
    this.bindHost = settings.bindHost
    this.rtpTimeoutMs = settings.rtpTimeoutMs
    this.detector = new VoiceDetector(await this.loadModel(settings), this.logger)
  }

  private async loadModel(settings: WorkerSettings): Promise<VoiceModel> {
    if (settings.voiceDetection === 'energy') return new EnergyModel()
    try {
      return await SileroModel.load(sileroModelPath())
    } catch (error) {
      this.logger.error('voice model cannot be loaded; using energy only', { error: String(error) })
      return new EnergyModel()
    }
  }

  private async open(options: OpenLeg): Promise<undefined> {
    const { recordingPath, callId } = options
    const recorder = recordingPath ? new WavRecorder(recordingPath, this.logger.child({ callId })) : undefined
    const leg = new Leg(options, this, recorder)
    try {
      await leg.bind(options.rtpPort)
    } catch (error) {
      await leg.close()
      throw error
    }
    this.legs.set(leg.id, leg)
    this.detector?.add(leg.track)
    this.pacer.add(leg)
  }

  private leg(id: number): Leg {
    const leg = this.legs.get(id)
    if (!leg) throw new Error(`no leg ${id}`)
    return leg
  }

  private async close(id: number): Promise<undefined> {
    const leg = this.legs.get(id)
    if (!leg) return
    this.legs.delete(id)
    this.pacer.remove(leg)
    this.detector?.remove(leg.track)
    if (this.hasUplink) this.afterTick(this.clock.nowMs())
    await leg.close()
  }

  private async shutdown(): Promise<undefined> {
    await Promise.all([...this.legs.keys()].map((id) => this.close(id)))
    this.pacer[Symbol.dispose]()
    await this.detector?.idle()
  }

  private tell(message: FromWorker): void {
    this.port.postMessage(message)
  }
}
