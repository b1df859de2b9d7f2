import { z } from 'zod'

const days = z.int('must be a whole number').min(1, 'must be at least 1').max(36_500).exactOptional()

/**
 * Days after the end of a call after which parts of it are erased; what is not set stays. `auditDays`: after an entry of the
 * audit log was written; not set: what the store keeps by default.
 */
export const retentionSettings = z.strictObject({
  recordingsDays: days,
  transcriptsDays: days,
  journalDays: days,
  recordsDays: days,
  auditDays: days,
})
