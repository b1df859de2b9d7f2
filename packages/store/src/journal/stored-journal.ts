import { type CallEvent, type CallJournal, type Logger, VoiceError } from '@parley/core'
import { isCallId } from '../calls/call-id-form.ts'
import { type Database, guarded } from '../database/connect.ts'
import { insertEvents, lockJournals } from './event-rows.ts'
import { announceFreeSlot, createIncoming, type OwnerIdentity, projectCalls } from './project-calls.ts'
import { isProjected } from './projection.ts'

/** Keeps one transaction short; a writer that was cut off may have a great many events to send again. */
const batchEvents = 500

/**
 * The journal in PostgreSQL. Each batch is one transaction: events, the call rows they change, and the notice that a slot
 * is free. A batch that fails may be sent again whole.
 */
export class StoredJournal implements CallJournal {
  private readonly db: Database
  private readonly logger: Logger
  private readonly owner: () => OwnerIdentity | undefined

  /** `owner`: who is written down for calls that come in. */
  constructor(db: Database, logger: Logger, owner: () => OwnerIdentity | undefined) {
    this.db = db
    this.logger = logger
    this.owner = owner
  }

  /** @throws VoiceError STORE_FAILED; INTERNAL when an event's call id is no UUID */
  async append(events: readonly CallEvent[]): Promise<void> {
    if (events.some(({ callId }) => !isCallId(callId))) {
      throw new VoiceError('INTERNAL', { detail: 'an event names a call by something that is no UUID' })
    }
    for (let from = 0; from < events.length; from += batchEvents) {
      await guarded(() => this.appendBatch(events.slice(from, from + batchEvents)))
    }
  }

  private async appendBatch(events: readonly CallEvent[]): Promise<void> {
    const changesCalls = events.some((event) => event.body.type === 'call.incoming' || isProjected(event))
    // One statement is its own transaction.
    if (!changesCalls) return void (await insertEvents(this.db, events))
    await this.db.transaction().execute(async (trx) => {
      await lockJournals(
        trx,
        events.map(({ callId }) => callId),
      )
      const fresh = await insertEvents(trx, events)
      if (fresh.length === 0) return
      const created = await createIncoming(trx, fresh, this.owner())
      const { ended, unknown } = await projectCalls(trx, fresh, created)
      if (ended.length > 0) await announceFreeSlot(trx)
      if (unknown.length > 0) this.logger.warn('events of unknown calls were stored', { callIds: unknown })
    })
  }
}
