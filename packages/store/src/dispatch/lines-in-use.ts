import { type RawBuilder, sql } from 'kysely'

/**
 * How many lines of a trunk, or of one of its numbers, are in use: calls, and the legs to humans that other calls, on
 * whatever trunk, have in transfer. True only under the lock of the trunk's row.
 */
export function linesInUse(trunk: RawBuilder<string>, number?: RawBuilder<string>): RawBuilder<number> {
  const ofNumber = number
    ? sql`and ${number} = case c.direction when 'outbound' then c.caller else c.callee end`
    : sql``
  const shown = number ? sql`and leg->'line'->>'caller' = ${number}` : sql``
  return sql<number>`(
    (select count(*) from calls c where c.trunk = ${trunk} and c.stage in ('claimed', 'sent') ${ofNumber})
    + (select count(*) from calls s, jsonb_array_elements(s.transfers) leg
       where s.stage in ('claimed', 'sent') and s.transfers <> '[]' and leg->'line'->>'trunk' = ${trunk}
         and not leg ? 'endedAtMs' ${shown})
  )`
}
