import type { ApplicationId } from '@parley/core'
import type { ApiSkillGroup } from '../api-options.ts'

/** The groups that calls of an application may be handed to. */
export const ownSkillGroups = (
  groups: readonly ApiSkillGroup[],
  applicationId: ApplicationId,
): readonly ApiSkillGroup[] => groups.filter(({ applicationIds: ids }) => !ids || ids.includes(applicationId))
