import { applicationId } from '@parley/core'
import type { TrunkConfiguration } from '../../src/index.ts'

/** Who asks for calls. `inFlight`: requests kept waiting at any time. */
export interface StressApplication {
  readonly id: ReturnType<typeof applicationId>
  readonly inFlight: number
  readonly acquireMs: number
}

const crowd = applicationId(1)
const modest = applicationId(2)
const other = applicationId(3)
/** Has one line and asks for much more, so that most of its requests must be refused in time. */
const jammed = applicationId(4)

/** The first has a queue that is never empty; the next two ask for a little and must get their share. */
export const applications: readonly StressApplication[] = [
  { id: crowd, inFlight: 60, acquireMs: 30_000 },
  { id: modest, inFlight: 5, acquireMs: 30_000 },
  { id: other, inFlight: 5, acquireMs: 30_000 },
  { id: jammed, inFlight: 6, acquireMs: 2_000 },
]

/** On this trunk the shares of the applications are compared. */
export const sharedTrunk = 'absurd'

export const trunks: readonly TrunkConfiguration[] = [
  {
    name: sharedTrunk,
    applicationIds: [crowd, modest, other],
    numbers: [{ number: '+491', maxConcurrent: 2 }, { number: '+492', maxCps: 8 }, '+493'],
    limits: { maxConcurrent: 5, maxCps: 5_000 },
  },
  {
    name: 'paced',
    applicationIds: [crowd, modest, other],
    numbers: ['+494'],
    limits: { maxConcurrent: 50, maxCps: 12 },
  },
  { name: 'jam', applicationIds: [jammed], numbers: ['+495'], limits: { maxConcurrent: 1, maxCps: 5_000 } },
]

/** How long a call is up, ms. */
export function talkMs(trunk: string, random: () => number): number {
  if (trunk === 'jam') return 1_500
  return random() < 0.02 ? 3_000 : 30 + random() * 120
}
