import { applicationId, type SkillGroup, type TransferTarget, type WantedTarget } from '@parley/core'
import type { ConfigFile } from '@parley/runtime'
import { isNumberFor } from './number-owners.ts'

/** The skill groups of the file, each target with the trunk that dials it and the number it is shown. */
export function skillGroupsOf(
  file: Pick<ConfigFile, 'applications' | 'skillGroups' | 'trunks'>,
): readonly SkillGroup[] {
  const everybody = file.applications.map(({ sdkAppId }) => sdkAppId)
  return file.skillGroups.map(({ sdkAppIds, ...group }) => ({
    ...group,
    ...(sdkAppIds && { applicationIds: sdkAppIds.map(applicationId) }),
    targets: group.targets.flatMap((target) => targetOf(target, file.trunks, sdkAppIds ?? everybody)),
  }))
}

/** It was checked before: the trunk is there, and a SIP address is one of its gateways. */
export function targetOf(
  { number, sip, trunk: name }: WantedTarget,
  trunks: readonly ConfigFile['trunks'][number][],
  owners: readonly number[],
): readonly TransferTarget[] {
  const trunk = trunks.find((one) => one.name === name)
  const gateway = trunk?.gateways[0]
  const callee = number ?? sip?.slice('sip:'.length, sip.indexOf('@'))
  if (!trunk || !gateway || callee === undefined) return []
  const shown = trunk.numbers.find((own) => owners.every((owner) => isNumberFor(trunk, own, owner)))
  return [
    {
      trunk: name,
      callee,
      caller: shown?.number ?? '',
      uri: sip ?? `sip:${number}@${gateway.host}${gateway.port === undefined ? '' : `:${gateway.port}`}`,
    },
  ]
}
