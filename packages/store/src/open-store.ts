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
  CampaignCallbacks,
  Campaigns,
  Clock,
  DoNotCallList,
  ErasureKind,
  ExtensionBook,
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
  TrunkLines,
  TrunkRegistry,
  WebhookBook,
} from '@parley/core'
import { StoredAfterCallJobs } from './after-call/stored-after-call-jobs.ts'
import { StoredAgentBook } from './agents/stored-agent-book.ts'
import { CallWatchers } from './calls/call-watchers.ts'
import { SecretBox } from './calls/secret-box.ts'
import { StoredIntake } from './calls/stored-intake.ts'
import { StoredRecords } from './calls/stored-records.ts'
import { type CampaignRun, CampaignWorker } from './campaigns/campaign-worker.ts'
import { StoredCallbacks } from './campaigns/stored-callbacks.ts'
import { StoredCampaigns } from './campaigns/stored-campaigns.ts'
import { configure, type StoreConfiguration } from './configure.ts'
import { connect, databaseOver, guarded, openPool } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import { Notifications } from './database/notifications.ts'
import { WakeUp } from './database/wake-up.ts'
import { type DialRules, noDialRules, StoredDialGate } from './dial-rules/stored-dial-gate.ts'
import { StoredDoNotCall } from './dial-rules/stored-do-not-call.ts'
import { type DispatchOptions, EngineRole, type RecoverOptions } from './dispatch/engine-role.ts'
import type { Recovered } from './dispatch/recover-lost.ts'
import { StoredTrunkLines } from './dispatch/stored-trunk-lines.ts'
import { type RetentionOptions, RetentionWorker } from './erasure/retention-worker.ts'
import { StoredErasure } from './erasure/stored-erasure.ts'
import { StoredExtensions } from './extensions/stored-extensions.ts'
import { StoredEventLog } from './journal/stored-event-log.ts'
import { StoredJournal } from './journal/stored-journal.ts'
import { StoredApplications } from './management/stored-applications.ts'
import { StoredAuditLog } from './management/stored-audit-log.ts'
import { StoredKeyDirectory } from './management/stored-key-directory.ts'
import { StoredSkillGroups } from './management/stored-skill-groups.ts'
import { PushWorker } from './pushes/push-worker.ts'
import { StoredOutbox } from './pushes/stored-outbox.ts'
import { StoredWebhooks } from './pushes/stored-webhooks.ts'
import { type KeepRecordingsOptions, RecordingWorker } from './recordings/recording-worker.ts'
import type { S3Settings } from './recordings/s3-settings.ts'
import { TieredRecordingStore } from './recordings/tiered-recording-store.ts'
import { StoredSounds } from './sounds/stored-sounds.ts'
import { type FollowTrunks, followTrunks } from './trunks/follow-trunks.ts'
import { storedRegistry } from './trunks/stored-registry.ts'

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
  /** Default: only the do-not-call lists. */
  readonly dialRules?: DialRules
  /** Connections for everything but notifications. Default 10; a third of them is dispatch's own. */
  readonly maxConnections?: number
}

const defaultConnections = 10

interface DeliverOptions {
  /** Those of this moment. */
  readonly routes: () => readonly PushRoute[]
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
  readonly webhooks: WebhookBook
  readonly agents: AgentBook
  readonly afterCallJobs: AfterCallJobs
  readonly lines: TrunkLines
  readonly trunks: TrunkRegistry
  readonly campaigns: Campaigns
  readonly callbacks: CampaignCallbacks
  readonly doNotCall: DoNotCallList
  readonly erasure: CallErasure
  readonly sounds: SoundLibrary
  readonly applications: ApplicationRegistry
  readonly keys: KeyDirectory
  readonly audit: AuditLog
  readonly skillGroups: SkillGroupBook
  readonly extensions: ExtensionBook
  /** Makes trunks, numbers, receivers and what is declared those of the configuration. Call again when it changes. */
  configure(configuration: StoreConfiguration): Promise<void>
  /**
   * Takes queued calls and gives them to `control` until `signal` aborts and what is under way is settled. Also settles
   * calls of dead engines, again and again. Rejects only when registering fails.
   */
  dispatch(options: DispatchOptions): Promise<void>
  /** Sends the pushes of `routes` until `signal` aborts and what is under way is settled. Never rejects. */
  deliverPushes(options: DeliverOptions): Promise<void>
  /** Hands out the trunks of run time, now and after each change, until `signal` aborts. Never rejects. */
  followTrunks(options: Pick<FollowTrunks, 'onSnapshot' | 'signal'>): Promise<void>
  /** Makes the calls of campaigns until `signal` aborts and what is under way is settled. Never rejects. */
  runCampaigns(run: CampaignRun): Promise<void>
  /** Recordings of this engine that are not where they belong, as its worker saw them last. */
  readonly recordingBacklog: RecordingBacklog
  /**
   * Encodes and moves recordings of calls that are over, and deletes what is to go, until `signal` aborts and what is under
   * way is settled. Call after `recoverLost`. Never rejects.
   */
  keepRecordings(options: KeepRecordingsOptions): Promise<void>
  /** Things erased by rules since the start of the process. */
  readonly erasedByRules: Readonly<Record<ErasureKind | 'audit', number>>
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
    const { maxConnections = defaultConnections } = options
    const dispatchConnections = Math.max(1, Math.floor(maxConnections / 3))
    const rest = Math.max(1, maxConnections - dispatchConnections)
    const pool = openPool(options.connection.url, rest, options.logger)
    const db = undo.adopt(databaseOver(pool), (database) => database.destroy())
    const steps = await migrate(db)
    if (steps.length > 0) options.logger.info('database schema was brought up to date', { steps })
    const queue = new WakeUp()
    const outbox = new WakeUp()
    const trunkChanges = new WakeUp()
    const campaigns = new WakeUp()
    const settings = new WakeUp()
    const sleepers = {
      parley_queue: queue,
      parley_push: outbox,
      parley_settings: settings,
      parley_campaign: campaigns,
      parley_trunks: trunkChanges,
    }
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
    const gate = new StoredDialGate(db, options.dialRules ?? noDialRules)
    const recordings = new TieredRecordingStore(options.recordingsDir, options.s3, options.clock)
    // A call must leave in its slot, whatever the API and the journal are waiting for.
    const dispatchDb = undo.adopt(connect(options.connection.url, dispatchConnections, options.logger), (database) =>
      database.destroy(),
    )
    const engine = undo.use(
      new EngineRole({ db: dispatchDb, clock: options.clock, logger: options.logger, box, queue, gate, recordings }),
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
      intake: new StoredIntake({ db, clock: options.clock, box, watchers, gate, identity: () => engine.identity }),
      recordings,
      pushes: new StoredOutbox(db),
      webhooks: new StoredWebhooks({ ...options, db, box }),
      agents: new StoredAgentBook(db, box),
      afterCallJobs: new StoredAfterCallJobs(db, box, options.logger),
      lines: new StoredTrunkLines(db, options.clock),
      trunks: storedRegistry(db, box),
      followTrunks: (follow) => followTrunks({ ...options, ...follow, db, box, changes: trunkChanges }),
      campaigns: new StoredCampaigns(db, box),
      callbacks: new StoredCallbacks(db, box),
      doNotCall: new StoredDoNotCall(db),
      applications: new StoredApplications(db, box, options.random),
      keys: new StoredKeyDirectory({ db, box, clock: options.clock, logger: options.logger, changes: settings }),
      audit: new StoredAuditLog(db),
      skillGroups: new StoredSkillGroups(db),
      extensions: new StoredExtensions({ ...options, db, box }),
      configure: (configuration) =>
        guarded(() => configure(db, box, configuration, { movesRecordings: options.s3 !== undefined })),
      dispatch: (dispatchOptions) => engine.dispatch(dispatchOptions),
      deliverPushes: ({ signal, ...worker }) => new PushWorker({ ...options, ...worker, db, outbox }).run(signal),
      runCampaigns: (run) => new CampaignWorker({ ...options, ...run, db, wakeUp: campaigns }).run(),
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
