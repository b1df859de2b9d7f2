import { type ApplicationId, applicationId } from '@parley/core'
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

/** Numbers of an application, once each. */
export function numbersOf(trunks: readonly Trunk[], applicationId: ApplicationId): readonly string[] {
  const own = trunks.flatMap((trunk) => trunk.numbers.filter((number) => isNumberFor(trunk, number, applicationId)))
  return [...new Set(own.map(({ number }) => number))]
}

/** A trunk of the file as the dial queue knows it. */
export function trunkRow({ name, limits, numbers, sdkAppIds }: Trunk): TrunkConfiguration {
  const owners = (ids: readonly number[] | undefined) => ids && { applicationIds: ids.map(applicationId) }
  return {
    name,
    limits,
    numbers: numbers.map(({ sdkAppIds: ids, assistant: _, ...number }) => ({ ...number, ...owners(ids) })),
    ...owners(sdkAppIds),
  }
}
