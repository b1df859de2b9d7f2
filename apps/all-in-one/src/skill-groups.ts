import type { SkillGroup, TransferTarget } from '@parley/core'
import type { ConfigFile } from '@parley/runtime'

type Group = ConfigFile['skillGroups'][number]

/** The skill groups of the file, each target with the trunk that dials it and the number it is shown. */
export function skillGroupsOf(file: Pick<ConfigFile, 'skillGroups' | 'trunks'>): readonly SkillGroup[] {
  return file.skillGroups.map((group) => ({
    ...group,
    targets: group.targets.flatMap((target) => resolved(target, file.trunks)),
  }))
}

/** The file was checked: the trunk is there, and a SIP address is one of its gateways. */
function resolved(
  { number, sip, trunk: name }: Group['targets'][number],
  trunks: ConfigFile['trunks'],
): readonly TransferTarget[] {
  const trunk = trunks.find((one) => one.name === name)
  const gateway = trunk?.gateways[0]
  const callee = number ?? sip?.slice('sip:'.length, sip.indexOf('@'))
  if (!trunk || !gateway || callee === undefined) return []
  return [
    {
      trunk: name,
      callee,
      caller: trunk.numbers[0]?.number ?? '',
      uri: sip ?? `sip:${number}@${gateway.host}${gateway.port === undefined ? '' : `:${gateway.port}`}`,
    },
  ]
}
