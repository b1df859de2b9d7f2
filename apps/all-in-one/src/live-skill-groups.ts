import type { SkillGroupDesk } from '@parley/api'
import type { ApplicationId, SkillGroup, SkillGroupBook, StoredSkillGroup, WantedTarget } from '@parley/core'
import { leadsTo } from '@parley/runtime'
import type { House } from './engine-settings.ts'
import type { LiveExtensions } from './live-extensions.ts'
import type { LiveTrunks } from './live-trunks.ts'
import { isNumberFor } from './number-owners.ts'
import { targetOf } from './skill-groups.ts'

/**
 * The skill groups of this moment: those of the file, and those of the database as of the last refresh, each with the extensions
 * that are in it.
 */
export class LiveSkillGroups implements SkillGroupDesk {
  readonly book: SkillGroupBook
  readonly declared: SkillGroupDesk['declared']
  private readonly house: Pick<House, 'skillGroups'>
  private readonly trunks: Pick<LiveTrunks, 'current' | 'find'>
  private readonly extensions: Pick<LiveExtensions, 'targetsOf'>
  private groups: readonly SkillGroup[]

  constructor(
    house: Pick<House, 'skillGroups'>,
    trunks: Pick<LiveTrunks, 'current' | 'find'>,
    book: SkillGroupBook,
    extensions: Pick<LiveExtensions, 'targetsOf'>,
  ) {
    this.extensions = extensions
    this.house = house
    this.trunks = trunks
    this.book = book
    this.groups = house.skillGroups
    this.declared = house.skillGroups.map(({ targets, ...group }) => ({
      ...group,
      targets: targets.map(({ trunk, callee, uri }) => ({
        trunk,
        ...(isNumber(callee) ? { number: callee } : { sip: uri }),
      })),
    }))
  }

  get current(): readonly SkillGroup[] {
    return this.groups
  }

  async refresh(): Promise<void> {
    const stored = await this.book.all()
    this.groups = [...this.house.skillGroups, ...stored.map((group) => this.groupOf(group))].map((group) => ({
      ...group,
      targets: [...group.targets, ...this.extensions.targetsOf(group)],
    }))
  }

  check(owner: ApplicationId, targets: readonly WantedTarget[]) {
    return targets.flatMap(({ trunk: name, sip }, index) => {
      const trunk = this.trunks.find(name)
      // Another application's trunk is one that is not there.
      if (!trunk?.numbers.some((number) => isNumberFor(trunk, number, owner))) {
        return [{ index, field: 'trunk', detail: 'must be the name of a trunk of the application' }]
      }
      const isOff = sip !== undefined && !leadsTo(sip, trunk)
      return isOff ? [{ index, field: 'sip', detail: 'its host and port must be those of a gateway of the trunk' }] : []
    })
  }

  private groupOf({
    id,
    applicationId,
    name,
    targets,
    mode,
    ringMs,
    summary,
    holdPrompt,
  }: StoredSkillGroup): SkillGroup {
    return {
      id,
      name,
      applicationIds: [applicationId],
      // What the trunks are may have changed since.
      targets: targets
        .filter((target) => this.check(applicationId, [target]).length === 0)
        .flatMap((target) => targetOf(target, this.trunks.current, [applicationId])),
      mode,
      ringMs,
      summary,
      holdPrompt,
    }
  }
}

const isNumber = (callee: string): boolean => /^\+?\d+$/.test(callee)
