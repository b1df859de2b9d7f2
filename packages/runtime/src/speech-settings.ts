import { z } from 'zod'
import { within } from './number-ranges.ts'

const flux = z
  .strictObject({
    kind: z.literal('deepgram-flux'),
    url: z.url().default('wss://api.deepgram.com/v2/listen'),
    apiKey: z.string(),
    eagerThreshold: within(0.3, 0.9).exactOptional(),
    threshold: within(0.5, 1).exactOptional(),
  })
  .refine(({ eagerThreshold, threshold = 0.7 }) => (eagerThreshold ?? 0) <= threshold, {
    path: ['eagerThreshold'],
    message: 'must not be above threshold (0.7 when not set)',
  })

/** Section `speech` of `parley.yaml`: who recognises, who speaks, who hears the end of a turn. */
export const speechSettings = z.strictObject({
  recognizer: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('embedded') }),
      z.strictObject({ kind: z.literal('deepgram'), url: z.url(), apiKey: z.string() }),
      flux,
    ])
    .default({ kind: 'embedded' }),
  synthesizer: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('embedded') }),
      z.strictObject({
        kind: z.literal('custom'),
        url: z.url(),
        apiKey: z.string(),
        sampleRateHz: z.union([z.literal(8000), z.literal(16_000), z.literal(24_000)]).default(16_000),
      }),
    ])
    .default({ kind: 'embedded' }),
  endOfTurn: z
    .strictObject({ model: z.string().min(1), sampleRateHz: z.literal([8_000, 16_000]).exactOptional() })
    .exactOptional(),
  /** Finished speech of texts that are said again and again; 1 MB is about a minute. */
  phraseCacheMb: within(0, 4_096).default(64),
})
