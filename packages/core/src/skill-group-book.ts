import type { ApplicationId } from './ids.ts'
import type { Change, ExpectedVersion } from './management.ts'
import type { SkillGroup } from './transfer.ts'

/** One place of a stored skill group as it was asked for: either a number the trunk dials, or a SIP address that is a gateway of it. */
export interface WantedTarget {
  readonly trunk: string
  readonly number?: string
  readonly sip?: string
}

/** What a stored skill group says. */
export interface SkillGroupSettings extends Pick<SkillGroup, 'name' | 'mode' | 'ringMs' | 'summary' | 'holdPrompt'> {
  /** Tried in order. None: every transfer to it fails. */
  readonly targets: readonly WantedTarget[]
}

/** A skill group of one application, made by the API. */
export interface StoredSkillGroup extends SkillGroupSettings {
  readonly id: number
  readonly applicationId: ApplicationId
  readonly version: number
  /** Unix ms. */
  readonly changedAtMs: number
}

/** Forms of a target. */
export const targetForms = {
  number: /^\+?[0-9]{2,20}$/,
  /** `sip:user@host` or `sip:user@host:port`, without parameters. */
  sip: /^sip:[+0-9A-Za-z*#._~-]{1,64}@(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?$/,
} as const

/** What a group has that says nothing else. */
export const skillGroupDefaults = {
  mode: 'bridge',
  ringMs: 25_000,
  summary: true,
  holdPrompt: 'Please hold the line, I am connecting you.',
} as const

/** Skill groups made by the API. Another application's group is missing. */
export interface SkillGroupBook {
  all(): Promise<readonly StoredSkillGroup[]>
  /** By id. */
  list(owner: ApplicationId): Promise<readonly StoredSkillGroup[]>
  /** `exists`: the application has one of this name. `takenIds`: not to be given to it. */
  create(
    owner: ApplicationId,
    settings: SkillGroupSettings,
    takenIds: readonly number[],
  ): Promise<Change<StoredSkillGroup>>
  change(
    owner: ApplicationId,
    id: number,
    version: ExpectedVersion,
    to: Partial<SkillGroupSettings>,
  ): Promise<Change<StoredSkillGroup>>
  remove(owner: ApplicationId, id: number): Promise<Change<undefined>>
}
