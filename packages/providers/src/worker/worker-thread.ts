import { Worker } from 'node:worker_threads'
import { type Clock, waitUntil } from '@parley/core'

/** How long a thread may take to free what it holds before it is ended by force. */
const farewellMs = 3000

export interface WorkerThreadOptions<Out> {
  /** The thread's module, as a sibling path without extension, and the caller's `import.meta.url`. */
  readonly module: string
  readonly base: string
  readonly clock: Clock
  readonly workerData?: unknown
  readonly onMessage: (message: Out) => void
  /** The thread ended on its own. What it was asked for is lost; the next `post` starts another one. */
  readonly onLost: (reason: string) => void
}

/**
 * A thread that is started by the first message and started again after a crash. It ends by itself on the message
 * `{ type: 'close' }`, and does not keep the process alive while the owner says it is idle.
 */
export class WorkerThread<In extends object, Out> implements AsyncDisposable {
  private worker: Worker | undefined
  private closed = false
  private readonly options: WorkerThreadOptions<Out>

  constructor(options: WorkerThreadOptions<Out>) {
    this.options = options
  }

  post(message: In, transfer: readonly ArrayBuffer[] = []): void {
    if (this.closed) throw new Error('the worker thread is closed')
    this.worker ??= this.start()
    this.worker.postMessage(message, [...transfer])
  }

  /** Idle threads do not hold the process. */
  setIdle(idle: boolean): void {
    if (idle) this.worker?.unref()
    else this.worker?.ref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    const worker = this.worker
    this.worker = undefined
    if (!worker) return
    worker.removeAllListeners('message')
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.ref()
    worker.postMessage({ type: 'close' })
    const patience = new AbortController()
    const { clock } = this.options
    const late = waitUntil(clock, clock.nowMs() + farewellMs, patience.signal).then(
      async () => void (await worker.terminate()),
      () => {},
    )
    await Promise.race([gone, late])
    patience.abort()
  }

  private start(): Worker {
    const { module, base, workerData } = this.options
    const extension = base.endsWith('.ts') ? '.ts' : '.js'
    const worker = new Worker(new URL(`${module}${extension}`, base), { workerData })
    let reason = 'the thread ended'
    worker.on('message', (message: Out) => this.options.onMessage(message))
    worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? error.message : 'unknown error'
    })
    worker.on('exit', () => {
      if (this.worker !== worker) return
      this.worker = undefined
      this.options.onLost(reason)
    })
    return worker
  }
}
