import { Worker } from 'node:worker_threads'
import {
  type Clock,
  type Logger,
  type MediaEngine,
  type MediaOptions,
  type MediaStream,
  type Random,
  VoiceError,
} from '@parley/core'
import { WorkerStream } from './media-stream.ts'
import { PortPool, type PortRange } from './net/port-pool.ts'
import { SourceFilter } from './net/source-filter.ts'
import { LocalPort } from './worker/local-port.ts'
import { runMediaWorker } from './worker/media-worker.ts'
import type { FromWorker, WorkerSettings } from './worker/messages.ts'
import { RingMemoryPool } from './worker/ring-memory.ts'
import { PortBusyError, WorkerLink } from './worker/worker-link.ts'

export interface InThreadMediaOptions {
  /** RTP takes even ports of this range, RTCP the next odd ones. Inclusive. */
  readonly rtpPorts: PortRange
  /** Address the sockets are bound to; decides between IPv4 and IPv6. */
  readonly bindHost: string
  /** `nowMs` must be comparable between threads. */
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Silence of the peer's RTP that gives `rtp.timeout`. Default 30,000. */
  readonly rtpTimeoutMs?: number
  /** Default `silero`. `energy` needs no model and is for tests. */
  readonly voiceDetection?: 'silero' | 'energy'
}

export interface MediaEngineOptions extends InThreadMediaOptions {
  /** Module that calls `runMediaWorker(parentPort, clock, random)`. */
  readonly workerUrl: URL
  readonly workerCount: number
}

/** How long a worker that was told to end may take. */
const endWithinMs = 3000
/** Workers started in place of dead ones, in total. */
const maxRestarts = 20
/** Ports tried when others on the machine hold some of the range. */
const maxPortAttempts = 20

/** A media engine with what the process around it wants to know. */
export interface RtpMediaEngine extends MediaEngine {
  /** Pairs of ports that another stream could take now. */
  readonly freePorts: number
}

/**
 * The media engine with its worker threads. Streams go to the worker with the fewest. A dead worker gives each of its
 * streams `media.failed` and is replaced. @throws VoiceError MEDIA_WORKER_LOST when a worker cannot start.
 */
export async function createMediaEngine(options: MediaEngineOptions): Promise<RtpMediaEngine> {
  const engine = new Engine(options, () => startThread(options.workerUrl, options.logger))
  await engine.startWorkers(Math.max(1, options.workerCount))
  return engine
}

/** The same engine on the calling thread: for tests, and wherever threads are not wanted. */
export async function createInThreadMediaEngine(options: InThreadMediaOptions): Promise<MediaEngine> {
  const engine = new Engine(options, () => startInThread(options))
  await engine.startWorkers(1)
  return engine
}

/** A running worker and how to wait for its end. */
interface RunningWorker {
  readonly link: WorkerLink
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>
  terminate(): void
}

class Engine implements RtpMediaEngine {
  private readonly options: InThreadMediaOptions
  private readonly startWorker: () => RunningWorker
  private readonly ports: PortPool
  private readonly workers: RunningWorker[] = []
  private readonly memory = new RingMemoryPool()
  private readonly streams = new Set<MediaStream>()
  private nextId = 1
  private restarts = 0
  private closing = false

  constructor(options: InThreadMediaOptions, startWorker: () => RunningWorker) {
    this.options = options
    this.startWorker = startWorker
    this.ports = new PortPool(options.rtpPorts, options.clock)
  }

  get freePorts(): number {
    return this.ports.available
  }

  async startWorkers(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.addWorker()))
  }

  async open(options: MediaOptions): Promise<MediaStream> {
    // A wrong range is told by its name, before a worker stumbles over it.
    new SourceFilter(options.sources)
    for (let attempt = 0; attempt < maxPortAttempts; attempt += 1) {
      const stream = this.place(options)
      try {
        await stream.open()
        return stream
      } catch (error) {
        await stream[Symbol.asyncDispose]()
        if (!(error instanceof PortBusyError)) throw error
        this.options.logger.warn('rtp port is in use by another process')
      }
    }
    throw new VoiceError('MEDIA_NO_PORT')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closing) return
    this.closing = true
    await Promise.all([...this.streams].map((stream) => stream[Symbol.asyncDispose]()))
    await Promise.all(this.workers.map((worker) => this.endWorker(worker)))
    this.ports[Symbol.dispose]()
  }

  private place(options: MediaOptions): WorkerStream {
    const link = options.beside instanceof WorkerStream ? this.alive(options.beside.link) : this.leastLoaded()
    const rtpPort = this.ports.take()
    const id = this.nextId
    this.nextId += 1
    const originId = new DataView(this.options.random.bytes(4).buffer).getUint32(0)
    const stream = new WorkerStream(
      {
        link,
        id,
        rtpPort,
        memory: this.memory,
        originId,
        random: this.options.random,
        nowMs: () => this.options.clock.nowMs(),
        release: () => {
          this.streams.delete(stream)
          if (!this.closing) this.ports.release(rtpPort)
        },
      },
      options,
    )
    this.streams.add(stream)
    return stream
  }

  private leastLoaded(): WorkerLink {
    let best: WorkerLink | undefined
    for (const { link } of this.workers) {
      if (!link.isLost && (best === undefined || link.streams.size < best.streams.size)) best = link
    }
    if (!best || this.closing) throw new VoiceError('MEDIA_WORKER_LOST')
    return best
  }

  private alive(link: WorkerLink): WorkerLink {
    if (link.isLost || this.closing) throw new VoiceError('MEDIA_WORKER_LOST')
    return link
  }

  private async addWorker(): Promise<void> {
    const worker = this.startWorker()
    const { bindHost, rtpTimeoutMs = 30_000, voiceDetection = 'silero' } = this.options
    const settings: WorkerSettings = { bindHost, rtpTimeoutMs, voiceDetection }
    void worker.ended.then(() => this.onWorkerEnded(worker))
    await worker.link.request({ type: 'init', settings })
    this.workers.push(worker)
  }

  private onWorkerEnded(worker: RunningWorker): void {
    const index = this.workers.indexOf(worker)
    if (index >= 0) this.workers.splice(index, 1)
    worker.link.lose()
    if (this.closing || index < 0) return
    this.restarts += 1
    const isReplaced = this.restarts <= maxRestarts
    this.options.logger.error('media worker ended', { isReplaced })
    if (!isReplaced) return
    this.addWorker().catch((error) => {
      this.options.logger.error('media worker cannot be replaced', { error: String(error) })
    })
  }

  /** The thread ends by itself once idle; it is cut off only when it does not answer. */
  private async endWorker(worker: RunningWorker): Promise<void> {
    const { clock } = this.options
    const timer = clock.setTimer(clock.nowMs() + endWithinMs, () => worker.terminate())
    await worker.link.request({ type: 'shutdown' }).catch(() => undefined)
    await worker.ended
    timer[Symbol.dispose]()
  }
}

function startThread(url: URL, logger: Logger): RunningWorker {
  // Seen as the name of the thread by the tools of the system.
  const thread = new Worker(url, { name: 'parley-media' })
  const link = new WorkerLink(thread, logger)
  thread.on('message', (message: FromWorker) => link.onMessage(message))
  thread.on('error', (error) => logger.error('media worker failed', { error: String(error) }))
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  return { link, ended, terminate: () => void thread.terminate() }
}

function startInThread(options: InThreadMediaOptions): RunningWorker {
  const [near, far] = LocalPort.pair()
  const link = new WorkerLink(near, options.logger)
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  near.on('message', (message) => link.onMessage(message as FromWorker))
  runMediaWorker(
    {
      postMessage: (message) => far.postMessage(message),
      on: (event, listener) => far.on(event, listener),
      close: end,
    },
    options.clock,
    options.random,
  )
  return { link, ended, terminate: end }
}
