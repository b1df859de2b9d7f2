import type { ApplicationId, DoNotCallList } from '@parley/core'

/** Lists in memory; numbers are compared as they are written. `blocked`: on the list of everybody, declared. */
export class FakeDoNotCall implements DoNotCallList {
  readonly lists = new Map<ApplicationId, Map<string, string>>()
  readonly declared = new Set<string>()

  async add(applicationId: ApplicationId, entries: readonly { readonly number: string; readonly note?: string }[]) {
    const list = this.own(applicationId)
    const before = list.size
    for (const { number, note = '' } of entries) list.set(number, note)
    return list.size - before
  }

  async remove(applicationId: ApplicationId, number: string) {
    if (this.declared.has(number)) return 'declared'
    return this.own(applicationId).delete(number) ? 'removed' : undefined
  }

  async list(applicationId: ApplicationId, { limit, after = '' }: { readonly limit: number; readonly after?: string }) {
    const found = [...this.own(applicationId)].filter(([number]) => number > after).toSorted()
    const entries = found
      .slice(0, limit)
      .map(([number, note]) => ({ number, note, addedAtMs: 0, declared: this.declared.has(number) }))
    const last = found.length > limit ? entries.at(-1) : undefined
    return { entries, ...(last && { next: last.number }) }
  }

  async check(applicationId: ApplicationId, number: string) {
    if (this.declared.has(number)) return 'everybody'
    return this.own(applicationId).has(number) ? 'application' : undefined
  }

  private own(applicationId: ApplicationId): Map<string, string> {
    const list = this.lists.get(applicationId) ?? new Map<string, string>()
    this.lists.set(applicationId, list)
    return list
  }
}
