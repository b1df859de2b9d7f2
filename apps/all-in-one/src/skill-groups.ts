import { applicationId, type SkillGroup, type TransferTarget } from '@parley/core'
import type { ConfigFile } from '@parley/runtime'
import { isNumberFor } from './number-owners.ts'

type Group = ConfigFile['skillGroups'][number]

/** The skill groups of the file, each target with the trunk that dials it and the number it is shown. */
export function skillGroupsOf(
  file: Pick<ConfigFile, 'applications' | 'skillGroups' | 'trunks'>,
): readonly SkillGroup[] {
  const everybody = file.applications.map(({ sdkAppId }) => sdkAppId)
  return file.skillGroups.map(({ sdkAppIds, ...group }) => ({
    ...group,
    ...(sdkAppIds && { applicationIds: sdkAppIds.map(applicationId) }),
    targets: group.targets.flatMap((target) => resolved(target, file.trunks, sdkAppIds ?? everybody)),
  }))
}

/** The file was checked: the trunk is there, and a SIP address is one of its gateways. */
function resolved(
  { number, sip, trunk: name }: Group['targets'][number],
  trunks: ConfigFile['trunks'],
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
