import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { realClock } from '../support/real-time.ts'
import type { StressLog } from './stress-log.ts'
import type { StressServer } from './stress-server.ts'

/** Engines in processes of their own, each under the name of its place. Disposing kills them. */
export class StressEngines implements AsyncDisposable {
  kills = 0
  private readonly places: ChildProcess[] = []
  private readonly log: StressLog
  private readonly server: StressServer
  private readonly seed: number
  private readonly closing = new Set<Promise<void>>()

  constructor(count: number, log: StressLog, server: StressServer, seed: number) {
    this.seed = seed
    this.log = log
    this.server = server
    for (let place = 0; place < count; place += 1) this.start(place)
  }

  /** The next start of this name comes after the process is seen dead. */
  async killOne(place: number): Promise<void> {
    this.kills += 1
    await this.end(place)
    this.start(place)
  }

  /** The engine stands still, as on a machine that has no time for it; everything it began goes on afterwards. */
  stall(place: number, forMs: number): void {
    const child = this.places[place]
    child?.kill('SIGSTOP')
    realClock.setTimer(realClock.nowMs() + forMs, () => child?.kill('SIGCONT'))
  }

  get count(): number {
    return this.places.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.places.map((_, place) => this.end(place)))
    await Promise.all(this.closing)
  }

  private end(place: number): Promise<void> {
    const child = this.places[place]
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  }

  private start(place: number): void {
    const script = fileURLToPath(new URL('./stress-worker.ts', import.meta.url))
    const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
    const args = [
      ...flags,
      script,
      this.server.url,
      `engine-${place}`,
      this.server.recordingsDir,
      String(this.seed + place),
    ]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    this.places[place] = child
    const { line, died } = this.log.engine()
    createInterface({ input: child.stdout }).on('line', line)
    const closed = new Promise<void>((resolve) => {
      child.once('exit', (_code, signal) => {
        died(realClock.wallMs())
        // It did not start while the database was away: as its supervisor would, try again.
        if (signal === null) realClock.setTimer(realClock.nowMs() + 500, () => this.start(place))
      })
      child.once('close', () => resolve())
    })
    this.closing.add(closed)
    void closed.then(() => this.closing.delete(closed))
  }
}
