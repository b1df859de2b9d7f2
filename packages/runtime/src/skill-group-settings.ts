import { skillGroupDefaults, targetForms } from '@parley/core'
import { z } from 'zod'
import { sdkAppIds } from './tenant-settings.ts'

const target = z
  .strictObject({
    /** A number the trunk dials. */
    number: z.string().regex(targetForms.number, 'must be digits, with or without a leading +').exactOptional(),
    /** A SIP address whose host is a gateway of the trunk. */
    sip: z.string().regex(targetForms.sip, 'must be sip:user@host or sip:user@host:port').exactOptional(),
    trunk: z.string('must name a trunk'),
  })
  .refine(({ number, sip }) => (number === undefined) !== (sip === undefined), 'must have either number or sip')

const skillGroup = z.strictObject({
  id: z.int('must be a whole number').positive('must be above 0'),
  name: z.string().min(1, 'must not be empty').max(100),
  sdkAppIds,
  targets: z.array(target).min(1, 'must have at least one entry').max(50),
  mode: z.enum(['bridge', 'refer']).default(skillGroupDefaults.mode),
  ringMs: z.int().min(1_000).max(120_000).default(skillGroupDefaults.ringMs),
  summary: z.boolean('must be true or false').default(skillGroupDefaults.summary),
  holdPrompt: z.string().max(500).default(skillGroupDefaults.holdPrompt),
})

/** People who take calls over. */
export const skillGroupSettings = z.array(skillGroup)

interface Trunk {
  readonly name: string
  readonly gateways: readonly { readonly host: string; readonly port?: number; readonly transport?: string }[]
}

/**
 * What one entry cannot tell by itself: ids are unique, each target's trunk exists, and a SIP address is a gateway of it,
 * so that no transfer leaves the trunks.
 */
export function checkSkillGroups(
  groups: z.output<typeof skillGroupSettings>,
  trunks: readonly Trunk[],
  report: (path: readonly (string | number)[], message: string) => void,
): void {
  const ids = groups.map(({ id }) => id)
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index)
  if (repeated.length > 0) report(['skillGroups'], `id ${repeated.join(', ')} is given twice`)
  for (const [i, group] of groups.entries()) {
    for (const [j, { sip, trunk: name }] of group.targets.entries()) {
      const path = ['skillGroups', i, 'targets', j] as const
      const trunk = trunks.find((one) => one.name === name)
      if (!trunk) report([...path, 'trunk'], 'must be the name of one of trunks')
      else if (sip !== undefined && !leadsTo(sip, trunk)) {
        report([...path, 'sip'], `its host and port must be those of a gateway of trunk ${name}`)
      }
    }
  }
}

/** Whether a SIP address is a gateway of the trunk. */
export function leadsTo(sip: string, { gateways }: Pick<Trunk, 'gateways'>): boolean {
  const address = sip.slice(sip.indexOf('@') + 1).toLowerCase()
  return gateways.some(({ host, transport, port = transport === 'tls' ? 5061 : 5060 }) => {
    const name = host.toLowerCase()
    return address === name || address === `${name}:${port}`
  })
}
