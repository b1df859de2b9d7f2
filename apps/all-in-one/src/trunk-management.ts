import type { TrunkManagement } from '@parley/api'
import type { ApplicationId, TrunkRegistry } from '@parley/core'
import { readTrunk } from '@parley/runtime'
import type { SipSignalling } from '@parley/sip'
import type { House } from './engine-settings.ts'

/** What the API needs to manage trunks and numbers. `assistants`: those of the file. `allowPrivate`: gateways may be in private networks. */
export function trunkManagement(
  registry: TrunkRegistry,
  signalling: Pick<SipSignalling, 'registrationOf' | 'gatewayStates'>,
  assistants: NonNullable<House['assistants']>,
  allowPrivate: boolean,
): TrunkManagement {
  return {
    registry,
    read: (described, stored) => readTrunk(described, allowPrivate, stored),
    assistantsOf: (owner) => Object.keys(assistants).filter((name) => assistants[name]?.sdkAppId === owner),
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
