import { z } from 'zod'
import { wholeWithin } from '../number-ranges.ts'
import { hostName } from './sip-text.ts'

/** Keys of a trunk about what may happen within a call's dialog. */
export const dialogSettings = {
  reliable: z.enum(['off', 'supported', 'required']).exactOptional(),
  sessionTimer: z
    .strictObject({
      mode: z.enum(['off', 'supported', 'required']).exactOptional(),
      expiresS: wholeWithin(90, 86_400).exactOptional(),
      minS: wholeWithin(90, 3_600).exactOptional(),
    })
    .refine(({ expiresS = 1_800, minS = 90 }) => minS <= expiresS, {
      path: ['minS'],
      message: 'must not be above expiresS (1800 when not set)',
    })
    .exactOptional(),
  redirects: z
    .strictObject({
      allowedHosts: z.array(hostName),
      max: wholeWithin(1, 10).exactOptional(),
    })
    .exactOptional(),
}
