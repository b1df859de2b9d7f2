import { type ApplicationId, type Change, type Extension, type ExtensionBook, Secret } from '@parley/core'
import type { ExtensionServices } from '../src/extension-services.ts'
import { wallAtStartMs } from './house-ids.ts'

/** Extensions in memory. The password of `1001` is `password 1 of 1001`, after a reset `password 2 of 1001`. */
export class FakeExtensions implements ExtensionServices {
  readonly outboundProxy = '192.0.2.1:5060'
  readonly rows: (Extension & { readonly passwords: number })[] = []
  readonly states = new Map<string, 'idle' | 'busy'>()
  refreshed = 0
  failure: unknown

  add(owner: number, extensionId: string, name = 'desk'): void {
    void this.book.create(owner as ApplicationId, extensionId, { name, skillGroupIds: [], relation: '' })
  }

  async refresh(): Promise<void> {
    this.refreshed += 1
  }

  stateOf(_owner: ApplicationId, extensionId: string) {
    return this.states.get(extensionId) ?? 'offline'
  }

  readonly book: ExtensionBook = {
    accounts: async () => [],
    list: async (owner) => this.of(owner),
    account: async (owner, id) => {
      const row = this.of(owner).find(({ extensionId }) => extensionId === id)
      return row && { ...row, password: new Secret(`password ${row.passwords} of ${id}`) }
    },
    create: async (owner, extensionId, settings) => {
      if (this.of(owner).some((row) => row.extensionId === extensionId)) return { kind: 'exists' }
      const stamps = { createdAtMs: wallAtStartMs, changedAtMs: wallAtStartMs }
      const row = { ...settings, applicationId: owner, extensionId, ...stamps, passwords: 1 }
      this.rows.push(row)
      return { kind: 'done', value: row }
    },
    change: async (owner, id, to) => this.put(owner, id, (row) => ({ ...row, ...to })),
    resetPassword: async (owner, id) => this.put(owner, id, (row) => ({ ...row, passwords: row.passwords + 1 })),
    remove: async (owner, id) => {
      const at = this.rows.findIndex((row) => row.applicationId === owner && row.extensionId === id)
      if (at < 0) return { kind: 'missing' }
      this.rows.splice(at, 1)
      return { kind: 'done', value: undefined }
    },
  }

  private of(owner: ApplicationId) {
    if (this.failure) throw this.failure
    return this.rows.filter(({ applicationId }) => applicationId === owner)
  }

  private put(
    owner: ApplicationId,
    id: string,
    changed: (row: FakeExtensions['rows'][number]) => FakeExtensions['rows'][number],
  ): Change<Extension> {
    const at = this.rows.findIndex((row) => row.applicationId === owner && row.extensionId === id)
    const row = this.rows[at]
    if (!row) return { kind: 'missing' }
    const next = changed(row)
    this.rows[at] = next
    return { kind: 'done', value: next }
  }
}
