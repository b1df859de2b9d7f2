import {
  type ActingKey,
  type Application,
  type ApplicationId,
  type ApplicationRegistry,
  type AuditEntry,
  type Change,
  type ExpectedVersion,
  type KeyFacts,
  type NewKey,
  Secret,
} from '@parley/core'
import type { Management } from '../src/api-options.ts'

/** Applications, keys and audit log in memory, as the database has them. */
export class FakeManagement implements Management {
  readonly rows = new Map<ApplicationId, Application>()
  readonly keyRows = new Map<string, { facts: KeyFacts; secretKey: Secret }>()
  readonly entries: AuditEntry[] = []
  readonly used: string[] = []
  private made = 0

  add(id: number, change: Partial<Application> = {}): void {
    const application = { applicationId: id as ApplicationId, name: '', declared: false, enabled: true, version: 1 }
    this.rows.set(id as ApplicationId, { ...application, createdAtMs: 0, ...change })
  }

  readonly keys = {
    current: async () => ({
      applications: [...this.rows.keys()],
      keys: [...this.keyRows.values()]
        .filter(({ facts }) => facts.enabled && this.rows.get(facts.applicationId)?.enabled)
        .map(({ facts, secretKey }): ActingKey => ({ ...facts, secretKey })),
    }),
    follow: async () => {},
    noteUse: async (secretIds: readonly string[]) => void this.used.push(...secretIds),
  }

  readonly audit = {
    begin: async (entry: Omit<AuditEntry, 'id' | 'atUs' | 'outcome'>) => {
      const atUs = this.entries.length + 1
      this.entries.push({ ...entry, id: String(atUs), atUs, outcome: 'begun' })
      return String(atUs)
    },
    settle: async (id: string, outcome: AuditEntry['outcome'], target?: string) => {
      const index = Number(id) - 1
      const entry = this.entries[index]
      if (entry) this.entries[index] = { ...entry, outcome, ...(target !== undefined && { target }) }
    },
    list: async (
      of: ReadonlySet<ApplicationId> | 'all',
      place: Pick<AuditEntry, 'id' | 'atUs'> | undefined,
      limit: number,
    ) =>
      this.entries
        .filter(
          ({ atUs, applicationId }) =>
            atUs < (place?.atUs ?? 99) && (of === 'all' || (applicationId && of.has(applicationId))),
        )
        .reverse()
        .slice(0, limit),
  }

  readonly applications: ApplicationRegistry = {
    list: async (of, afterId, limit) =>
      [...this.rows.values()]
        .filter(({ applicationId: id }) => id > afterId && (of === 'all' || of.has(id)))
        .sort((left, right) => left.applicationId - right.applicationId)
        .slice(0, limit),
    find: async (id) => this.rows.get(id),
    create: async ({ applicationId = (9_000 + this.rows.size) as ApplicationId, name }) => {
      if (this.rows.has(applicationId)) return { kind: 'exists' }
      this.add(applicationId, { name })
      return { kind: 'done', value: this.rows.get(applicationId) as Application }
    },
    change: async (id, version, to) =>
      changed(this.rows.get(id), version, (row) => {
        const next = { ...row, ...to, version: row.version + 1 }
        this.rows.set(id, next)
        return next
      }),
    keys: async (id, afterId, limit) =>
      [...this.keyRows.values()]
        .map(({ facts }) => facts)
        .filter(({ applicationId, secretId }) => applicationId === id && secretId > afterId)
        .slice(0, limit),
    key: async (id, secretId) => this.keyOf(id, secretId),
    createKey: async (id, wanted) => (this.rows.has(id) ? this.newKey(id, wanted) : { kind: 'missing' }),
    changeKey: async (id, secretId, version, to) =>
      changed(this.keyOf(id, secretId), version, (key) => {
        const facts = { ...key, ...to, version: key.version + 1 }
        this.keyRows.set(secretId, { facts, secretKey: this.keyRows.get(secretId)?.secretKey ?? new Secret('') })
        return facts
      }),
    rotateKey: async (id, secretId) => {
      const key = this.keyOf(id, secretId)
      return key ? this.newKey(id, key) : { kind: 'missing' }
    },
    deleteKey: async (id, secretId) =>
      changed(this.keyOf(id, secretId), '*', () => {
        this.keyRows.delete(secretId)
        return undefined
      }),
  }

  private keyOf(id: ApplicationId, secretId: string): KeyFacts | undefined {
    const facts = this.keyRows.get(secretId)?.facts
    return facts?.applicationId === id ? facts : undefined
  }

  private newKey(id: ApplicationId, { name, role }: Pick<KeyFacts, 'name' | 'role'>): Change<NewKey> {
    this.made += 1
    const secretKey = new Secret(`made-secret-${this.made}`)
    const facts = { declared: false, enabled: true, version: 1, createdAtMs: 0 }
    const key = { secretId: `made${this.made}`, applicationId: id, name, role, ...facts }
    this.keyRows.set(key.secretId, { facts: key, secretKey })
    return { kind: 'done', value: { key, secretKey } }
  }
}

function changed<Row extends { readonly declared: boolean; readonly version: number }, Value>(
  row: Row | undefined,
  version: ExpectedVersion,
  apply: (row: Row) => Value,
): Change<Value> {
  if (!row) return { kind: 'missing' }
  if (row.declared) return { kind: 'declared' }
  return version !== '*' && version !== row.version ? { kind: 'changed' } : { kind: 'done', value: apply(row) }
}
