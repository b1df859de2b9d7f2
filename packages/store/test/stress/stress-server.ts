import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, waitUntil } from '@parley/core'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/index.ts'
import { eventually, realClock, realRandom } from '../support/real-time.ts'
import { ask } from '../support/test-database.ts'

/** A database server of its own for one run, and what can happen to one. */
export class StressServer implements AsyncDisposable {
  readonly url: string
  /** When it was away, Unix ms. */
  readonly outages: { readonly fromMs: number; readonly toMs: number }[] = []
  private readonly folder: string
  private readonly server: EmbeddedPostgres

  private constructor(folder: string, server: EmbeddedPostgres) {
    this.folder = folder
    this.server = server
    this.url = server.url
  }

  /** `binDir`: of another PostgreSQL than the bundled one. */
  static async start(binDir?: string): Promise<StressServer> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-stress-'))
    const options = { dataDir: join(folder, 'postgres'), clock: realClock, random: realRandom, logger: silentLogger }
    await chmod(folder, 0o755)
    return new StressServer(folder, await startEmbeddedPostgres({ ...options, ...(binDir ? { binDir } : {}) }))
  }

  get recordingsDir(): string {
    return join(this.folder, 'recordings')
  }

  /** SIGKILL: gone without a word. SIGQUIT: immediate shutdown. Its keeper starts it again; resolves when it answers. */
  kill(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    return this.away(async () => {
      const pid = await this.postmaster()
      process.kill(pid, signal)
      await eventually(async () => (await this.postmaster().catch(() => pid)) !== pid && this.answers(), 60_000)
    })
  }

  /** The whole server stands still: connections stay open, nothing answers. */
  freeze(forMs: number): Promise<void> {
    return this.away(async () => {
      const pid = await this.postmaster()
      process.kill(-pid, 'SIGSTOP')
      await waitUntil(realClock, realClock.nowMs() + forMs)
      process.kill(-pid, 'SIGCONT')
      await eventually(() => this.answers(), 60_000)
    })
  }

  /** Cuts connections of the engines, each with this chance. Returns how many. */
  async cut(chance: number): Promise<number> {
    const cut = await ask(
      this.url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid <> pg_backend_pid() and application_name = 'parley' and random() < $1`,
      [chance],
    )
    return cut.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }

  private async away(trouble: () => Promise<void>): Promise<void> {
    const fromMs = realClock.wallMs()
    await trouble()
    this.outages.push({ fromMs, toMs: realClock.wallMs() })
  }

  private async postmaster(): Promise<number> {
    return Number.parseInt(await readFile(join(this.folder, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10)
  }

  private answers(): Promise<boolean> {
    return ask(this.url, 'select 1').then(
      () => true,
      () => false,
    )
  }
}
