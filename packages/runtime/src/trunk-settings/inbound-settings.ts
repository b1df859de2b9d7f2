import type { UnansweredReason } from '@parley/core'
import { z } from 'zod'
import { wholeWithin, within } from '../number-ranges.ts'
import { addressRange } from './sip-text.ts'

const refusal = wholeWithin(400, 699)

const reasons = [
  'busy',
  'noAnswer',
  'declined',
  'numberNotExist',
  'numberInvalid',
  'unreachable',
  'powerOff',
  'outOfCredit',
  'restricted',
  'blocked',
  'voicemail',
  'carrierFault',
] as const satisfies UnansweredReason[]

/** Keys of a trunk about calls that come in, and about what its answers mean. */
export const inboundSettings = {
  allowedSources: z.array(addressRange).exactOptional(),
  inbound: z
    .strictObject({
      maxConcurrent: wholeWithin(1, 100_000).exactOptional(),
      maxCps: within(0.01, 10_000).exactOptional(),
      maxCpsPerSource: within(0.01, 10_000).exactOptional(),
      rejectStatus: z
        .strictObject({
          unknownNumber: refusal.exactOptional(),
          noAssistant: refusal.exactOptional(),
          concurrency: refusal.exactOptional(),
          rate: refusal.exactOptional(),
        })
        .exactOptional(),
      retryAfterS: wholeWithin(1, 3600).exactOptional(),
    })
    .exactOptional(),
  causes: z
    .record(
      z
        .string()
        .regex(/^([4-6]\d\d|q850:(\d|[1-9]\d|1[01]\d|12[0-7]))$/, 'must be a status (503) or a cause (q850:34)'),
      z.enum(reasons, `must be one of ${reasons.join(', ')}`),
    )
    .exactOptional(),
}
