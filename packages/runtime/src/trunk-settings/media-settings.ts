import type { CodecName } from '@parley/core'
import { z } from 'zod'
import { addressRange } from './sip-text.ts'

const packetTimes = [10, 20, 30, 40, 50, 60] as const

/** Key `media` of a trunk: how audio is spoken with its other side. */
export const mediaSettings = {
  media: z
    .strictObject({
      codecs: z
        .array(z.enum(['PCMA', 'PCMU'] satisfies CodecName[]))
        .min(1, 'must have at least one entry')
        .refine((codecs) => new Set(codecs).size === codecs.length, 'names a codec twice')
        .exactOptional(),
      srtp: z.enum(['off', 'optional', 'required']).exactOptional(),
      srtpOverClearSip: z.boolean('must be true or false').exactOptional(),
      ptimeMs: z.literal(packetTimes, `must be one of ${packetTimes.join(', ')}`).exactOptional(),
      dtmf: z.enum(['rtp', 'info', 'inband']).exactOptional(),
      /** What is listened to before the answer: nothing, network tones, or the words of announcements too. */
      earlyMedia: z.enum(['ignore', 'tones', 'words']).exactOptional(),
      sources: z.array(addressRange).min(1, 'must have at least one entry').exactOptional(),
    })
    .exactOptional(),
}
