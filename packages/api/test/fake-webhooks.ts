import {
  type ApplicationId,
  applicationId,
  type Change,
  type Delivery,
  type DeliveryPlace,
  type ExpectedVersion,
  type NewWebhook,
  Secret,
  type Webhook,
  type WebhookBook,
  type WebhookChange,
  type WebhookSettings,
  webhookTimeoutMs,
} from '@parley/core'
import { appId, someCallId } from './house-ids.ts'

const declared: Webhook = {
  id: 'crm',
  applicationId: applicationId(appId),
  name: 'crm',
  url: 'https://crm.example.com/',
  format: 'standard',
  events: ['call.ended'],
  timeoutMs: webhookTimeoutMs.default,
  declared: true,
  enabled: true,
  version: 1,
  createdAtMs: 0,
}

/** Webhooks in memory. One is declared, and one has the id of the house's call. */
export class FakeWebhooks implements WebhookBook {
  readonly rows = new Map<string, Webhook>(
    [declared, { ...declared, id: someCallId, declared: false }].map((row) => [row.id, row]),
  )
  readonly passwords: (string | undefined)[] = []
  readonly sent: Delivery[] = []
  most = 100

  async list(owner: ApplicationId, afterId: string, limit: number): Promise<readonly Webhook[]> {
    const own = [...this.rows.values()].filter((row) => row.applicationId === owner && row.id > afterId)
    return own.toSorted((left, right) => (left.id < right.id ? -1 : 1)).slice(0, limit)
  }

  async find(owners: readonly ApplicationId[], id: string): Promise<Webhook | undefined> {
    const row = this.rows.get(id)
    return row && owners.includes(row.applicationId) ? row : undefined
  }

  async create(owner: ApplicationId, settings: WebhookSettings, password?: Secret): Promise<WebhookChange<NewWebhook>> {
    if (this.rows.size >= this.most) return { kind: 'full' }
    this.passwords.push(password?.reveal())
    const id = `wh_${this.rows.size}`
    const webhook = this.put({
      ...settings,
      ...{ id, applicationId: owner, declared: false, enabled: true, version: 1, createdAtMs: 0 },
    })
    return {
      kind: 'done',
      value: { webhook, ...(settings.format === 'standard' && { secret: new Secret('whsec_1') }) },
    }
  }

  async change(
    owners: readonly ApplicationId[],
    id: string,
    version: ExpectedVersion,
    to: Partial<WebhookSettings>,
    password?: Secret,
  ): Promise<Change<Webhook>> {
    this.passwords.push(password?.reveal())
    return this.changed(owners, id, version, (row) => this.put({ ...row, ...to, version: row.version + 1 }))
  }

  async enable(owners: readonly ApplicationId[], id: string, enabled: boolean): Promise<Change<Webhook>> {
    return this.changed(owners, id, '*', (row) => this.put({ ...row, enabled, version: row.version + 1 }))
  }

  async rotate(owners: readonly ApplicationId[], id: string, graceMs: number): Promise<Change<NewWebhook>> {
    return this.changed(owners, id, '*', (row) => ({
      webhook: this.put({ ...row, oldSecretUntilMs: graceMs, version: row.version + 1 }),
      secret: new Secret('whsec_2'),
    }))
  }

  async remove(owners: readonly ApplicationId[], id: string): Promise<Change<undefined>> {
    return this.changed(owners, id, '*', () => void this.rows.delete(id))
  }

  async test(owners: readonly ApplicationId[], id: string): Promise<string | undefined> {
    return (await this.find(owners, id))?.enabled ? 'd1' : undefined
  }

  async deliveries(_id: string, after: DeliveryPlace | undefined, limit: number): Promise<readonly Delivery[]> {
    const from = after ? this.sent.findIndex(({ id }) => id === after.id) + 1 : 0
    return this.sent.slice(from, from + limit)
  }

  async acting() {
    return []
  }

  private async changed<Value>(
    owners: readonly ApplicationId[],
    id: string,
    version: ExpectedVersion,
    apply: (row: Webhook) => Value,
  ): Promise<Change<Value>> {
    const row = await this.find(owners, id)
    if (!row) return { kind: 'missing' }
    if (row.declared) return { kind: 'declared' }
    if (version !== '*' && version !== row.version) return { kind: 'changed' }
    return { kind: 'done', value: apply(row) }
  }

  private put(row: Webhook): Webhook {
    this.rows.set(row.id, row)
    return row
  }
}
