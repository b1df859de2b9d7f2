import { z } from 'zod'

/** Applications that a trunk, a number or a skill group is for. Absent: all of them. */
export const sdkAppIds = z
  .array(z.int('must be a whole number').positive('must be above 0'))
  .min(1, 'must have at least one entry')
  .refine((ids) => new Set(ids).size === ids.length, 'names an application twice')
  .exactOptional()

/** What may be for some applications only. */
interface Owned {
  readonly sdkAppIds?: readonly number[] | undefined
}

interface Assistant {
  readonly sdkAppId: number
  readonly transfers: readonly { readonly skillGroup: number }[]
}

interface TenantFile {
  readonly applications: readonly { readonly sdkAppId: number }[]
  readonly trunks: readonly (Owned & {
    readonly name: string
    readonly numbers: readonly (Owned & { readonly assistant?: string | undefined })[]
  })[]
  readonly skillGroups: readonly (Owned & {
    readonly id: number
    readonly targets: readonly { readonly trunk: string }[]
  })[]
  readonly inbound?: Assistant | undefined
  readonly assistants: Readonly<Record<string, Assistant>>
}

type Report = (path: (string | number)[], message: string) => void

/** Whether something is for an application. */
const isFor = ({ sdkAppIds: ids }: Owned, sdkAppId: number): boolean => ids === undefined || ids.includes(sdkAppId)

/** What one entry cannot tell by itself: owners exist, and nobody is given what is another's. */
export function checkTenants(file: TenantFile, report: Report): void {
  const { applications, trunks, skillGroups, assistants, inbound } = file
  const isTenant = (id: number) => applications.some(({ sdkAppId }) => sdkAppId === id)
  const checkOwners = (path: (string | number)[], { sdkAppIds: ids = [] }: Owned) => {
    for (const [index, id] of ids.entries()) {
      if (!isTenant(id)) report([...path, 'sdkAppIds', index], 'must be one of applications')
    }
  }
  for (const [at, trunk] of trunks.entries()) {
    checkOwners(['trunks', at], trunk)
    for (const [index, number] of trunk.numbers.entries()) {
      const path = ['trunks', at, 'numbers', index]
      checkOwners(path, number)
      if (number.sdkAppIds?.some((id) => isTenant(id) && !isFor(trunk, id))) {
        report([...path, 'sdkAppIds'], 'must be among those of the trunk')
      }
      const { assistant = '' } = number
      const served = Object.hasOwn(assistants, assistant) ? assistants[assistant] : undefined
      if (served && !(isFor(trunk, served.sdkAppId) && isFor(number, served.sdkAppId))) {
        report([...path, 'assistant'], `belongs to application ${served.sdkAppId}, which the number is not for`)
      }
    }
  }
  for (const [index, group] of skillGroups.entries()) {
    checkOwners(['skillGroups', index], group)
    const owners = group.sdkAppIds ?? applications.map(({ sdkAppId }) => sdkAppId)
    for (const [at, { trunk: name }] of group.targets.entries()) {
      const trunk = trunks.find((one) => one.name === name)
      // The human is shown one of our numbers, whoever's call it is.
      const isShown = (number: Owned) => owners.every((id) => trunk && isFor(trunk, id) && isFor(number, id))
      if (trunk && !trunk.numbers.some(isShown)) {
        report(
          ['skillGroups', index, 'targets', at, 'trunk'],
          'has no number that is for all applications of the group',
        )
      }
    }
  }
  const checkTransfers = (path: (string | number)[], { sdkAppId, transfers }: Assistant) => {
    for (const [index, { skillGroup }] of transfers.entries()) {
      const group = skillGroups.find(({ id }) => id === skillGroup)
      if (group && !isFor(group, sdkAppId)) {
        report([...path, 'transfers', index, 'skillGroup'], `is not for application ${sdkAppId}`)
      }
    }
  }
  if (inbound) checkTransfers(['inbound'], inbound)
  for (const [name, assistant] of Object.entries(assistants)) checkTransfers(['assistants', name], assistant)
}
