import {
  type ApplicationId,
  type Change,
  type ExpectedVersion,
  type SkillGroupBook,
  type SkillGroupSettings,
  type StoredSkillGroup,
  skillGroupDefaults,
  type WantedTarget,
} from '@parley/core'
import type { ApiSkillGroup, SkillGroupDesk } from '../src/api-options.ts'
import { appId } from './house-ids.ts'

/** Skill groups in memory; some are declared, and trunks are called `main`. */
export class FakeSkillGroups implements SkillGroupDesk {
  readonly declared: readonly ApiSkillGroup[]
  readonly rows = new Map<number, StoredSkillGroup>()
  current: readonly ApiSkillGroup[]

  constructor(
    declared: readonly ApiSkillGroup[] = [{ id: 7, name: 'sales', applicationIds: [appId as ApplicationId] }],
  ) {
    this.declared = declared
    this.current = declared
  }

  /** With the id 1000001 and on. */
  add(owner: number, name: string): void {
    const settings = { ...skillGroupDefaults, name, targets: [], version: 1, changedAtMs: 0 }
    this.put({ ...settings, id: 1_000_001 + this.rows.size, applicationId: owner as ApplicationId })
  }

  async refresh(): Promise<void> {
    const stored = [...this.rows.values()].map((row) => ({ ...row, applicationIds: [row.applicationId] }))
    this.current = [...this.declared, ...stored]
  }

  check(_owner: ApplicationId, targets: readonly WantedTarget[]) {
    return targets.flatMap(({ trunk }, index) =>
      trunk === 'main' ? [] : [{ index, field: 'trunk', detail: 'must be the name of a trunk of the application' }],
    )
  }

  readonly book: SkillGroupBook = {
    all: async () => [...this.rows.values()],
    list: async (owner) => this.of(owner),
    create: async (owner, settings) => {
      if (this.of(owner).some(({ name }) => name === settings.name)) return { kind: 'exists' }
      const id = 1_000_001 + this.rows.size
      return this.put({ ...settings, id, applicationId: owner, version: 1, changedAtMs: 0 })
    },
    change: async (owner, id, version, to) => {
      const row = this.of(owner).find((group) => group.id === id)
      if (this.of(owner).some((other) => other.id !== id && other.name === to.name)) return { kind: 'exists' }
      return row ? this.changed(row, version, to) : { kind: 'missing' }
    },
    remove: async (owner, id) => {
      const isThere = this.of(owner).some((group) => group.id === id)
      if (isThere) this.rows.delete(id)
      return isThere ? { kind: 'done', value: undefined } : { kind: 'missing' }
    },
  }

  private of(owner: ApplicationId): readonly StoredSkillGroup[] {
    return [...this.rows.values()].filter(({ applicationId }) => applicationId === owner)
  }

  private changed(
    row: StoredSkillGroup,
    version: ExpectedVersion,
    to: Partial<SkillGroupSettings>,
  ): Change<StoredSkillGroup> {
    if (version !== '*' && version !== row.version) return { kind: 'changed' }
    return this.put({ ...row, ...to, version: row.version + 1 })
  }

  private put(row: StoredSkillGroup): Change<StoredSkillGroup> {
    this.rows.set(row.id, row)
    return { kind: 'done', value: row }
  }
}
