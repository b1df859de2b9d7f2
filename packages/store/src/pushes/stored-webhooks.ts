import {
  type ActingWebhook,
  type ApplicationId,
  type Change,
  type Delivery,
  type DeliveryPlace,
  type ExpectedVersion,
  type Logger,
  type NewWebhook,
  type Random,
  Secret,
  type Webhook,
  type WebhookBook,
  type WebhookChange,
  type WebhookSettings,
} from '@parley/core'
import { sql, type Transaction, type UpdateObject } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { jsonText, plainText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { changedRow, changing } from '../management/changed-row.ts'
import { actingWebhooks } from './acting-webhooks.ts'
import { deliveriesOf } from './deliveries.ts'
import { settingsOf, toWebhook, type WebhookRow, webhookContext } from './webhook-rows.ts'

/** Each costs every engine a little, all the time. Taste. */
const mostOfOneApplication = 100
const secretBytes = 32

/** Webhooks in the database. Every change tells the other processes. */
export class StoredWebhooks implements WebhookBook {
  private readonly db: Database
  private readonly box: SecretBox
  private readonly random: Random
  private readonly logger: Logger

  constructor(parts: {
    readonly db: Database
    readonly box: SecretBox
    readonly random: Random
    readonly logger: Logger
  }) {
    this.db = parts.db
    this.box = parts.box
    this.random = parts.random
    this.logger = parts.logger
  }

  async list(owner: ApplicationId, afterId: string, limit: number): Promise<readonly Webhook[]> {
    const wanted = this.present(this.db, [owner]).where('name', '>', afterId).orderBy('name').limit(limit)
    return (await guarded(() => wanted.execute())).map(toWebhook)
  }

  async find(owners: readonly ApplicationId[], id: string): Promise<Webhook | undefined> {
    const row = await guarded(() => this.present(this.db, owners).where('name', '=', id).executeTakeFirst())
    return row && toWebhook(row)
  }

  async create(owner: ApplicationId, settings: WebhookSettings, password?: Secret): Promise<WebhookChange<NewWebhook>> {
    const { name, events, ...rest } = settings
    const id = `wh_${Buffer.from(this.random.bytes(16)).toString('hex')}`
    const secret = settings.format === 'standard' ? this.newSecret() : undefined
    const sealed = this.sealed(owner, id, secret ?? password)
    let isFull = false
    const change = await changing<NewWebhook>(this.db, async (trx) => {
      const known = trx.selectFrom('applications').select('application_id').where('application_id', '=', owner)
      if (!(await known.forUpdate().executeTakeFirst())) return { kind: 'missing' }
      const own = this.present(trx, [owner]).where('origin', '=', 'api').clearSelect().select('name')
      isFull = (await own.execute()).length >= mostOfOneApplication
      if (isFull) return { kind: 'exists' }
      const row = await trx
        .insertInto('webhooks')
        .values({
          name: id,
          origin: 'api',
          application_id: owner,
          events: [...events],
          title: plainText(name),
          settings: jsonText(rest),
          sealed,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return { kind: 'done', value: { webhook: toWebhook(row), ...(secret && { secret }) } }
    })
    return isFull ? { kind: 'full' } : change
  }

  async change(
    owners: readonly ApplicationId[],
    id: string,
    version: ExpectedVersion,
    to: Partial<Omit<WebhookSettings, 'format'>>,
    password?: Secret,
  ): Promise<Change<Webhook>> {
    const { name, events, ...rest } = to
    return this.changed(owners, id, version, async (trx, row) => {
      const changed = await this.update(trx, row, {
        ...(name !== undefined && { title: plainText(name) }),
        ...(events && { events: [...events] }),
        settings: jsonText({ ...settingsOf(row), ...rest }),
        ...(password && { sealed: this.sealed(row.application_id, id, password) }),
      })
      return toWebhook(changed)
    })
  }

  async enable(owners: readonly ApplicationId[], id: string, enabled: boolean): Promise<Change<Webhook>> {
    return this.changed(owners, id, '*', async (trx, row) => {
      if (row.enabled === enabled) return toWebhook(row)
      if (!enabled) await endWaiting(trx, id, 'receiver was switched off')
      return toWebhook(await this.update(trx, row, { enabled }))
    })
  }

  async rotate(owners: readonly ApplicationId[], id: string, graceMs: number): Promise<Change<NewWebhook>> {
    return this.changed(owners, id, '*', async (trx, row) => {
      const secret = this.newSecret()
      const changed = await this.update(trx, row, {
        sealed: this.sealed(row.application_id, id, secret),
        sealed_before: row.sealed,
        before_until: sql<Date>`clock_timestamp() + make_interval(secs => ${graceMs / 1_000}::float8)`,
      })
      return { webhook: toWebhook(changed), secret }
    })
  }

  async remove(owners: readonly ApplicationId[], id: string): Promise<Change<undefined>> {
    return this.changed(owners, id, '*', async (trx, row) => {
      await endWaiting(trx, id, 'receiver was removed')
      await this.update(trx, row, {
        enabled: false,
        removed_at: sql<Date>`clock_timestamp()`,
        settings: '{}',
        sealed: null,
        sealed_before: null,
      })
      return undefined
    })
  }

  async test(owners: readonly ApplicationId[], id: string): Promise<string | undefined> {
    const { rows } = await guarded(() =>
      sql<{ id: string }>`
        with filled as (
          insert into pushes (webhook, application_id, event, occurred_at_ms)
          select name, application_id, 'webhook.test', (extract(epoch from clock_timestamp()) * 1000)::bigint
          from webhooks
          where name = ${id} and enabled and origin <> 'campaigns' and application_id = any(${owners}::bigint[])
          returning push_id
        )
        select push_id as id, pg_notify('parley_push', '') from filled`.execute(this.db),
    )
    return rows[0]?.id
  }

  async deliveries(id: string, after: DeliveryPlace | undefined, limit: number): Promise<readonly Delivery[]> {
    return deliveriesOf(this.db, id, after, limit)
  }

  async acting(): Promise<readonly ActingWebhook[]> {
    return actingWebhooks(this.db, this.box, this.logger)
  }

  private present(db: Database, owners: readonly ApplicationId[]) {
    return db
      .selectFrom('webhooks')
      .selectAll()
      .where('application_id', '=', sql<number>`any(${[...owners]}::bigint[])`)
      .where('origin', '<>', 'campaigns')
      .where('removed_at', 'is', null)
  }

  /** Applies a change to a webhook that the API made, of the expected version. */
  private changed<Value>(
    owners: readonly ApplicationId[],
    id: string,
    version: ExpectedVersion,
    apply: (trx: Transaction<Tables>, row: WebhookRow) => Promise<Value>,
  ): Promise<Change<Value>> {
    return changing(this.db, async (trx) => {
      const row = await this.present(trx, owners).where('name', '=', id).forUpdate().executeTakeFirst()
      return changedRow(row && { ...row, declared: row.origin === 'file' }, version, (current) => apply(trx, current))
    })
  }

  private update(trx: Transaction<Tables>, row: WebhookRow, to: UpdateObject<Tables, 'webhooks'>) {
    return trx
      .updateTable('webhooks')
      .set({ ...to, version: row.version + 1 })
      .where('name', '=', row.name)
      .returningAll()
      .executeTakeFirstOrThrow()
  }

  private newSecret(): Secret {
    return new Secret(`whsec_${Buffer.from(this.random.bytes(secretBytes)).toString('base64')}`)
  }

  private sealed(owner: number, id: string, secret: Secret | undefined): Buffer | null {
    return secret ? this.box.seal(secret.reveal(), webhookContext(owner, id)) : null
  }
}

const endWaiting = (trx: Transaction<Tables>, id: string, reason: string) =>
  sql`
    update pushes set state = 'dead', reason = ${reason}, settled_at = clock_timestamp()
    where webhook = ${id} and state = 'pending'`.execute(trx)
