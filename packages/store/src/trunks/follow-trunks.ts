import {
  applicationId,
  type CallInInterface,
  type Clock,
  type Logger,
  type RunTimeTrunk,
  type TrunkSnapshot,
} from '@parley/core'
import { sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import type { WakeUp } from '../database/wake-up.ts'
import { openAddress } from './call-in-address.ts'
import { type NumberRow, toNumber } from './trunk-rows.ts'
import { openSettings } from './trunk-secrets.ts'
import { isAlone } from './usable-by.ts'

/** Slow look for what a lost notification did not tell. */
const pollMs = 5_000

export interface FollowTrunks {
  readonly db: Database
  readonly box: SecretBox
  readonly clock: Clock
  readonly logger: Logger
  /** Woken when trunks or numbers changed. */
  readonly changes: WakeUp
  /** Called first, and whenever something may have changed. What it throws is logged; it is called again later. */
  readonly onSnapshot: (snapshot: TrunkSnapshot) => Promise<void>
  readonly signal: AbortSignal
}

/** Hands out the trunks of run time until `signal` aborts. Never rejects. */
export async function followTrunks(options: FollowTrunks): Promise<void> {
  const { db, box, clock, logger, changes, onSnapshot, signal } = options
  while (!signal.aborted) {
    const { ticket } = changes
    try {
      await onSnapshot(await readTrunks(db, box, logger))
    } catch (error) {
      logger.warn('trunks could not be brought up to date', { error: String(error) })
    }
    await changes.sleep(ticket, clock, clock.nowMs() + pollMs, signal)
  }
}

/** One whose settings do not open is left out, and told. @throws VoiceError STORE_FAILED */
async function readTrunks(db: Database, box: SecretBox, logger: Logger): Promise<TrunkSnapshot> {
  return guarded(async () => {
    const { rows: trunks } = await sql<TrunkRow>`
      select name, application_ids[1] as owner, version, trunk_id as id, sealed from trunks
      where not declared and enabled order by trunk_id`.execute(db)
    const { rows: numbers } = await sql<NumberRow>`
      select n.number, n.trunk, n.max_concurrent as "maxConcurrent", n.max_cps as "maxCps", n.call_in as inbound,
        n.call_out as outbound, n.assistant
      from numbers n join trunks t on t.name = n.trunk
      where not t.declared and t.enabled and n.call_in order by n.number_id`.execute(db)
    const { rows: disabled } = await sql<{ owner: number; trunk: string; number: string }>`
      select application_id as owner, trunk, number from number_states where disabled`.execute(db)
    const { rows: off } = await sql<{ id: number }>`
      select application_id as id from applications where not enabled`.execute(db)
    const { rows: bound } = await sql<CallInRow>`
      select s.application_id as owner, s.trunk, s.number, s.call_in_url as sealed
      from number_states s
      join numbers n on n.trunk = s.trunk and n.number = s.number
      join trunks t on t.name = s.trunk
      where s.call_in_url is not null and n.call_in and t.enabled and ${isAlone(sql`s.application_id`)}`.execute(db)
    return {
      switchedOff: off.map(({ id }) => applicationId(id)),
      trunks: trunks.flatMap((row) => runTimeTrunk(row, numbers, box, logger)),
      disabled: disabled.map(({ owner, ...number }) => ({ applicationId: applicationId(owner), ...number })),
      callIn: bound.flatMap((row) => callInInterface(row, box, logger)),
    }
  })
}

interface CallInRow {
  readonly owner: number
  readonly trunk: string
  readonly number: string
  readonly sealed: Buffer
}

function callInInterface(
  { sealed, owner: rawOwner, ...number }: CallInRow,
  box: SecretBox,
  logger: Logger,
): readonly CallInInterface[] {
  const owner = Number(rawOwner)
  try {
    return [{ applicationId: applicationId(owner), ...number, url: openAddress(box, { owner, ...number }, sealed) }]
  } catch (error) {
    logger.error('the server of a number cannot be asked', { trunk: number.trunk, error: String(error) })
    return []
  }
}

interface TrunkRow {
  readonly name: string
  readonly owner: number
  readonly version: number
  readonly id: number
  readonly sealed: Buffer
}

function runTimeTrunk(
  { name, owner: rawOwner, version, id, sealed }: TrunkRow,
  numbers: readonly NumberRow[],
  box: SecretBox,
  logger: Logger,
): readonly RunTimeTrunk[] {
  const owner = Number(rawOwner)
  try {
    const own = numbers.filter(({ trunk }) => trunk === name)
    return [
      {
        name,
        applicationId: applicationId(owner),
        stamp: `${id}.${version}`,
        settings: openSettings(box, owner, name, sealed),
        numbers: own.map((row) => ({ number: row.number, settings: toNumber(row).settings })),
      },
    ]
  } catch (error) {
    logger.error('a trunk cannot be used', { trunk: name, error: String(error) })
    return []
  }
}
