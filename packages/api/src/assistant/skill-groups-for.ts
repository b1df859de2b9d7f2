import type { ApplicationId } from '@parley/core'
import type { ApiSkillGroup } from '../api-options.ts'

/** The groups that calls of this application may be handed to. One that names no applications is for all. */
export const skillGroupsFor = (
  groups: readonly ApiSkillGroup[],
  applicationId: ApplicationId,
): readonly ApiSkillGroup[] => groups.filter(({ applicationIds: ids }) => !ids || ids.includes(applicationId))
