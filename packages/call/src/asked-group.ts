import type { ApplicationId, SkillGroup } from '@parley/core'

/** The group of a number the installation does not know: a transfer to it fails at once. */
const nobody: SkillGroup = {
  id: 0,
  name: '',
  targets: [],
  mode: 'bridge',
  ringMs: 0,
  summary: false,
  holdPrompt: '',
}

/** The group with those of its targets that serve this application. One that is not there has nobody in it. */
export function askedGroup(
  groups: readonly SkillGroup[],
  skillGroupId: number | undefined,
  applicationId: ApplicationId,
): SkillGroup {
  const known = groups.find(({ id }) => id === skillGroupId)
  if (!known) return nobody
  return {
    ...known,
    targets: known.targets.filter(({ applicationId: owner = applicationId }) => owner === applicationId),
  }
}
