import { mkdir } from 'node:fs/promises'
import type {
  AfterCallJobs,
  AgentBook,
  ApplicationRegistry,
  AuditLog,
  CallErasure,
  CallEventLog,
  CallIntake,
  CallJournal,
  CallRecords,
  Clock,
  ErasureKind,
  KeyDirectory,
  Logger,
  PushOutbox,
  PushRoute,
  PushTransport,
  Random,
  RecordingBacklog,
  RecordingStore,
  SkillGroupBook,
  SoundLibrary,
} from '@parley/core'
import { StoredAfterCallJobs } from './after-call/stored-after-call-jobs.ts'
import { StoredAgentBook } from './agents/stored-agent-book.ts'
import { CallWatchers } from './calls/call-watchers.ts'
import { SecretBox } from './calls/secret-box.ts'
import { StoredIntake } from './calls/stored-intake.ts'
import { StoredRecords } from './calls/stored-records.ts'
import { configure, type StoreConfiguration } from './configure.ts'
import { databaseOver, guarded, openPool } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import { Notifications } from './database/notifications.ts'
import { WakeUp } from './database/wake-up.ts'
import { type DispatchOptions, EngineRole, type RecoverOptions } from './dispatch/engine-role.ts'
import type { Recovered } from './dispatch/recover-lost.ts'
import { type RetentionOptions, RetentionWorker } from './erasure/retention-worker.ts'
import { StoredErasure } from './erasure/stored-erasure.ts'
import { StoredEventLog } from './journal/stored-event-log.ts'
import { StoredJournal } from './journal/stored-journal.ts'
import { StoredApplications } from './management/stored-applications.ts'
import { StoredAuditLog } from './management/stored-audit-log.ts'
import { StoredKeyDirectory } from './management/stored-key-directory.ts'
import { StoredSkillGroups } from './management/stored-skill-groups.ts'
import { PushWorker } from './pushes/push-worker.ts'
import { StoredOutbox } from './pushes/stored-outbox.ts'
import { type KeepRecordingsOptions, RecordingWorker } from './recordings/recording-worker.ts'
import type { S3Settings } from './recordings/s3-settings.ts'
import { TieredRecordingStore } from './recordings/tiered-recording-store.ts'
import { StoredSounds } from './sounds/stored-sounds.ts'

export interface StoreOptions {
  /** An embedded server, or any PostgreSQL 15 or later. */
  readonly connection: { readonly url: string }
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Folder of the recordings; made when missing. */
  readonly recordingsDir: string
  /** Where recordings are kept for good. Default: where they were recorded. */
  readonly s3?: S3Settings
  /** 32 bytes. Seals the secrets of calls; the same on every engine of one database. */
  readonly masterKey: Uint8Array
  /** Size of the connection pool. Default 10. */
  readonly maxConnections?: number
}

interface DeliverOptions {
  readonly routes: readonly PushRoute[]
  readonly transport: PushTransport
  readonly signal: AbortSignal
}

/** Everything that is kept: calls, their events, the dial queue, recordings. */
export interface Store extends AsyncDisposable {
  /** The connection pool of this moment. */
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number }
  /** Resolves when the database answers. @throws VoiceError STORE_FAILED */
  ping(): Promise<void>
  readonly journal: CallJournal
  readonly records: CallRecords
  readonly eventLog: CallEventLog
  readonly intake: CallIntake
  readonly recordings: RecordingStore
  readonly pushes: PushOutbox
  readonly agents: AgentBook
  readonly afterCallJobs: AfterCallJobs
  readonly erasure: CallErasure
  readonly sounds: SoundLibrary
  readonly applications: ApplicationRegistry
  readonly keys: KeyDirectory
  readonly audit: AuditLog
  readonly skillGroups: SkillGroupBook
  /** Makes trunks, numbers, receivers and what is declared those of the configuration. Call again when it changes. */
  configure(configuration: StoreConfiguration): Promise<void>
  /**
   * Takes queued calls and gives them to `control` until `signal` aborts and what is under way is settled. Also settles
   * calls of dead engines, again and again. Rejects only when registering fails.
   */
  dispatch(options: DispatchOptions): Promise<void>
  /** Sends the pushes of `routes` until `signal` aborts and what is under way is settled. Never rejects. */
  deliverPushes(options: DeliverOptions): Promise<void>
  /** Recordings of this engine that are not where they belong, as its worker saw them last. */
  readonly recordingBacklog: RecordingBacklog
  /**
   * Encodes and moves recordings of calls that are over, and deletes what is to go, until `signal` aborts and what is under
   * way is settled. Call after `recoverLost`. Never rejects.
   */
  keepRecordings(options: KeepRecordingsOptions): Promise<void>
  /** Things erased by rules since the start of the process. */
  readonly erasedByRules: Readonly<Record<ErasureKind, number>>
  /** Erases what the rules of retention want gone, hourly, until `signal` aborts. Never rejects. */
  enforceRetention(options: RetentionOptions): Promise<void>
  /** Registers `owner` (once for this store) and settles calls of its earlier starts and of dead engines. */
  recoverLost(options: RecoverOptions): Promise<Recovered>
}

/**
 * Connects, brings the schema up to date and listens for notifications.
 * @throws VoiceError CONFIG_INVALID (master key), STORE_FAILED (database)
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const box = new SecretBox(options.masterKey, options.random)
  await mkdir(options.recordingsDir, { recursive: true })
  return guarded(async () => {
    await using undo = new AsyncDisposableStack()
    const pool = openPool(options.connection.url, options.maxConnections ?? 10, options.logger)
    const db = undo.adopt(databaseOver(pool), (database) => database.destroy())
    const steps = await migrate(db)
    if (steps.length > 0) options.logger.info('database schema was brought up to date', { steps })
    const queue = new WakeUp()
    const outbox = new WakeUp()
    const settings = new WakeUp()
    const sleepers = { parley_queue: queue, parley_push: outbox, parley_settings: settings }
    const watchers = new CallWatchers()
    const notifications = undo.use(
      new Notifications({
        url: options.connection.url,
        clock: options.clock,
        logger: options.logger,
        onNotice: (channel, payload) => {
          if (channel === 'parley_call') watchers.wake(payload)
          else sleepers[channel].wake()
        },
      }),
    )
    await notifications.open()
    const recordings = new TieredRecordingStore(options.recordingsDir, options.s3, options.clock)
    const engine = undo.use(
      new EngineRole({ db, clock: options.clock, logger: options.logger, box, queue, recordings }),
    )
    const worker = new RecordingWorker({ ...options, db, recordings, identity: () => engine.identity })
    const records = new StoredRecords(db, recordings)
    const erasure = new StoredErasure(db, recordings)
    const retention = new RetentionWorker({ ...options, db, erasure, records })
    const resources = undo.move()
    return {
      get pool() {
        return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }
      },
      ping: () => guarded(async () => void (await pool.query('select 1'))),
      journal: new StoredJournal(db, options.logger, () => engine.identity),
      records,
      erasure,
      sounds: new StoredSounds(db),
      eventLog: new StoredEventLog(db),
      intake: new StoredIntake({ db, clock: options.clock, box, watchers, identity: () => engine.identity }),
      recordings,
      pushes: new StoredOutbox(db),
      agents: new StoredAgentBook(db, box),
      afterCallJobs: new StoredAfterCallJobs(db, box, options.logger),
      applications: new StoredApplications(db, box, options.random),
      keys: new StoredKeyDirectory({ db, box, clock: options.clock, logger: options.logger, changes: settings }),
      audit: new StoredAuditLog(db),
      skillGroups: new StoredSkillGroups(db),
      configure: (configuration) =>
        guarded(() => configure(db, box, configuration, { movesRecordings: options.s3 !== undefined })),
      dispatch: (dispatchOptions) => engine.dispatch(dispatchOptions),
      deliverPushes: ({ signal, ...worker }) => new PushWorker({ ...options, ...worker, db, outbox }).run(signal),
      get recordingBacklog() {
        return worker.backlog
      },
      keepRecordings: (keepOptions) => worker.run(keepOptions),
      get erasedByRules() {
        return retention.erased
      },
      enforceRetention: (retentionOptions) => retention.run(retentionOptions),
      recoverLost: (recoverOptions) => engine.recoverLost(recoverOptions),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    }
  })
}
