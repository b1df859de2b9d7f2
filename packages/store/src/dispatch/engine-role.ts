import {
  type CallControl,
  type Clock,
  type DialGate,
  type Logger,
  type RecordingStore,
  VoiceError,
  waitUntil,
} from '@parley/core'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import type { WakeUp } from '../database/wake-up.ts'
import type { OwnerIdentity } from '../journal/project-calls.ts'
import { Dispatcher } from './dispatcher.ts'
import { expireQueued } from './expire-queued.ts'
import { Ownership } from './ownership.ts'
import { findSilent, type Recovered, recoverLost, type SilentOwner } from './recover-lost.ts'

export interface DispatchOptions {
  /**
   * Name of this engine, the same after a restart and unlike that of any other engine on the database. Calls of an earlier
   * start of this name are lost calls.
   */
  readonly owner: string
  readonly control: Pick<CallControl, 'place'>
  /** Trunks that this engine cannot dial by at this moment: their calls are left to others. Default: none. */
  readonly unserved?: () => readonly string[]
  readonly signal: AbortSignal
}

export interface RecoverOptions {
  readonly owner: string
  /**
   * An engine without a heartbeat for this long is dead. Undefined: only earlier starts of `owner` are judged; others are in
   * time by `dispatch`, which looks twice, for their heartbeats may be old because the database was away.
   */
  readonly staleMs?: number
}

export interface EngineRoleOptions {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly box: SecretBox
  readonly queue: WakeUp
  readonly gate: DialGate
  readonly recordings: RecordingStore
}

const defaultStaleMs = 15_000
const chorePeriodMs = 1_000
/** Every how many chores the calls of dead engines are looked for. */
const recoveryEvery = 3

/** The store's part of being an engine: owning calls, dispatching them, and clearing up after engines that died. */
export class EngineRole implements AsyncDisposable {
  private readonly options: EngineRoleOptions
  private readonly closing = new AbortController()
  private readonly running = new Set<Promise<unknown>>()
  private registration: Promise<Ownership> | undefined
  private ownership: Ownership | undefined

  constructor(options: EngineRoleOptions) {
    this.options = options
  }

  /** Undefined until `dispatch` or `recoverLost` was called: this process owns no calls. */
  get identity(): OwnerIdentity | undefined {
    return this.ownership?.identity
  }

  async dispatch({ owner, control, unserved = () => [], signal }: DispatchOptions): Promise<void> {
    const ownership = await this.register(owner)
    const until = AbortSignal.any([signal, this.closing.signal, ownership.superseded])
    const dispatcher = new Dispatcher({ ...this.options, identity: ownership.identity, control, unserved })
    const work = Promise.all([dispatcher.run(until), this.doChores(until)])
    this.running.add(work)
    await work.finally(() => this.running.delete(work))
  }

  async recoverLost({ owner, staleMs }: RecoverOptions): Promise<Recovered> {
    await this.register(owner)
    return guarded(async () => {
      const dead = staleMs === undefined ? [] : await findSilent(this.options.db, staleMs, this.identity)
      return recoverLost({ ...this.options, staleMs: staleMs ?? defaultStaleMs, dead })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort()
    await Promise.allSettled(this.running)
    await (await this.registration?.catch(() => undefined))?.[Symbol.asyncDispose]()
  }

  /** Once per store: a second registration would make the first one's calls lost. */
  private async register(owner: string): Promise<Ownership> {
    const { db, clock, logger } = this.options
    this.registration ??= Ownership.register(db, owner, clock, logger).catch((error) => {
      this.registration = undefined
      throw error
    })
    this.ownership = await this.registration
    if (this.ownership.identity.owner !== owner) {
      throw new VoiceError('CONFIG_INVALID', { detail: 'one store serves one owner name' })
    }
    return this.ownership
  }

  private async doChores(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.options
    let suspects: readonly SilentOwner[] = []
    for (let round = 0; !signal.aborted; round += 1) {
      try {
        await expireQueued(this.options.db, logger)
        if (round % recoveryEvery === 0) {
          const silent = await findSilent(this.options.db, defaultStaleMs, this.identity)
          const dead = silent.filter((now) => suspects.some((then) => isSameBeat(now, then)))
          suspects = silent
          await recoverLost({ ...this.options, staleMs: defaultStaleMs, dead })
        }
      } catch (error) {
        logger.warn('clearing up the queue failed', { error: String(error) })
      }
      await waitUntil(clock, clock.nowMs() + chorePeriodMs, signal).catch(() => {})
    }
  }
}

function isSameBeat(a: SilentOwner, b: SilentOwner): boolean {
  return a.owner === b.owner && a.incarnation === b.incarnation && a.beat === b.beat
}
