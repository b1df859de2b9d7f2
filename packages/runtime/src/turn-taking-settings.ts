import { turnDefaults } from '@parley/core'
import { z } from 'zod'
import { wholeWithin, within } from './number-ranges.ts'

const { endpointing, speculation, bargeIn, minGapMs } = turnDefaults

/** Section `turnTaking` of `parley.yaml`. What is left out is that of `turnDefaults`; every limit is named in its message. */
export const turnTakingSettings = z.strictObject({
  endpointing: z
    .strictObject({
      threshold: within(0, 1).default(endpointing.threshold),
      actionDelayMs: wholeWithin(0, 2_000).default(endpointing.actionDelayMs),
    })
    .prefault({}),
  speculation: z
    .strictObject({
      afterMs: wholeWithin(0, 2_000).default(speculation.afterMs),
      maxPerTurn: wholeWithin(0, 10).default(speculation.maxPerTurn),
      inSpeech: z.boolean('must be true or false').default(speculation.inSpeech),
      maxWastedTokens: wholeWithin(0, 1_000_000).default(speculation.maxWastedTokens),
    })
    .prefault({}),
  bargeIn: z
    .strictObject({
      minWords: wholeWithin(1, 20).default(bargeIn.minWords),
      duckAfterMs: wholeWithin(20, 1_000).default(bargeIn.duckAfterMs),
      duckGainDb: within(-60, 0).default(bargeIn.duckGainDb),
    })
    .prefault({}),
  minGapMs: wholeWithin(0, 2_000).default(minGapMs),
})
