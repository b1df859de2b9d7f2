import type { Readiness } from '@parley/api'
import { type Clock, waitUntil } from '@parley/core'
import type { GatewayState } from '@parley/sip'

export interface ReadinessSources {
  readonly clock: Clock
  readonly isDraining: () => boolean
  readonly gateways: () => readonly Pick<GatewayState, 'trunk' | 'isUp'>[]
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>
}

/** Taste: a health check that waits longer is given up by whoever asked. */
const databaseLimitMs = 2_000

/** Whether this engine would take a call, and if not, why. Trunks are counted, not named: anybody may ask. */
export async function readiness({ clock, isDraining, gateways, pingDatabase }: ReadinessSources): Promise<Readiness> {
  const problems: string[] = []
  if (isDraining()) problems.push('draining: no further calls are taken')
  const given = new AbortController()
  const limit = waitUntil(clock, clock.nowMs() + databaseLimitMs, given.signal).then(
    () => false,
    () => false,
  )
  const answered = pingDatabase().then(
    () => true,
    () => false,
  )
  if (!(await Promise.race([answered, limit]))) problems.push('the database does not answer')
  given.abort()
  const trunks = Map.groupBy(gateways(), ({ trunk }) => trunk)
  const dead = [...trunks.values()].filter((states) => !states.some(({ isUp }) => isUp)).length
  const warnings = dead > 0 ? [`no gateway is up for ${dead} of ${trunks.size} trunks`] : []
  return { problems, warnings }
}
