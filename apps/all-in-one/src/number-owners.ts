import { applicationId, type TrunkSettings } from '@parley/core'
import type { ConfigFile } from '@parley/runtime'
import type { TrunkConfiguration } from '@parley/store'

type Trunk = ConfigFile['trunks'][number]
type TrunkNumber = Trunk['numbers'][number]

/** Whether an application may use a number of a trunk. What names no applications is for all of them. */
export function isNumberFor(
  trunk: Pick<Trunk, 'sdkAppIds'>,
  number: Pick<TrunkNumber, 'sdkAppIds'>,
  applicationId: number,
): boolean {
  return [trunk, number].every(({ sdkAppIds }) => sdkAppIds === undefined || sdkAppIds.includes(applicationId))
}

/** A trunk of the file as the dial queue knows it. */
export function trunkRow({ name, numbers, sdkAppIds, ...settings }: Trunk): TrunkConfiguration {
  const owners = (ids: readonly number[] | undefined) => ids && { applicationIds: ids.map(applicationId) }
  return {
    name,
    limits: settings.limits,
    settings: shown(settings),
    numbers: numbers.map(({ sdkAppIds: ids, assistant: _, agent: __, ...number }) => ({ ...number, ...owners(ids) })),
    ...owners(sdkAppIds),
  }
}

/** Without texts of headers, which may be tokens; passwords are left out by the store. */
const shown = ({ headers, ...settings }: Omit<Trunk, 'name' | 'numbers' | 'sdkAppIds'>): TrunkSettings => ({
  ...settings,
  ...(headers && { headers: headers.map(({ name }) => ({ name })) }),
})
