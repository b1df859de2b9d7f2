import { type RawBuilder, sql } from 'kysely'

/** An application that is there and not enabled makes and takes no new calls. One that the database does not know is not off. */
export const isSwitchedOff = (applicationId: RawBuilder<number>): RawBuilder<boolean> =>
  sql<boolean>`exists (select 1 from applications tenant where tenant.application_id = ${applicationId} and not tenant.enabled)`
