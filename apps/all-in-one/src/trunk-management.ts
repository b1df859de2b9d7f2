import type { TrunkManagement } from '@parley/api'
import type { ApplicationId, TrunkRegistry } from '@parley/core'
import { readTrunk } from '@parley/runtime'
import type { SipSignalling } from '@parley/sip'

/** What the API needs to manage trunks. `allowPrivate`: gateways may be in private networks. */
export function trunkManagement(
  registry: TrunkRegistry,
  signalling: Pick<SipSignalling, 'registrationOf' | 'gatewayStates'>,
  allowPrivate: boolean,
): TrunkManagement {
  return {
    registry,
    read: (described, stored) => readTrunk(described, allowPrivate, stored),
    healthOf: (name) => {
      const registration = signalling.registrationOf(name)
      const gateways = signalling.gatewayStates().filter(({ trunk }) => trunk === name)
      return {
        ...(registration && { registration }),
        gateways: gateways.map(({ trunk: _, ...gateway }) => gateway),
      }
    },
  }
}

/** More than anybody has. */
const allNumbers = 100_000

/** Numbers of an application, once each, as `DescribeNumbers` shows them. */
export async function callerNumbers(registry: TrunkRegistry, applicationId: ApplicationId) {
  const rows = await registry.listNumbers({ applicationIds: [applicationId], limit: allNumbers })
  const byNumber = Map.groupBy(rows, ({ number }) => number)
  return [...byNumber].map(([number, own]) => ({
    number,
    suspended: own.every(({ isEnabled }) => !isEnabled),
    skillGroupIds: [...new Set(own.flatMap(({ skillGroupIds }) => skillGroupIds))],
  }))
}
