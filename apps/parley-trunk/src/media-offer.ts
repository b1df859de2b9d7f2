import { type Clock, callId, type Logger, type Random, type TrunkMedia } from '@parley/core'
import { createInThreadMediaEngine } from '@parley/media'

export interface MediaOfferOptions {
  readonly media: TrunkMedia
  readonly advertisedHost: string
  readonly bindHost: string
  readonly rtpPorts: { readonly min: number; readonly max: number }
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * The session description of a call of that trunk. Its port is free again when this resolves: nothing is listened to.
 * @throws VoiceError MEDIA_NO_PORT
 */
export async function offerOf(options: MediaOfferOptions): Promise<string> {
  const { media, advertisedHost, ...engine } = options
  await using resources = await createInThreadMediaEngine({ ...engine, voiceDetection: 'energy' })
  await using stream = await resources.open({
    ...media,
    advertisedHost: media.advertisedHost ?? advertisedHost,
    callId: callId(options.random.uuid()),
    farFieldSuppression: 0,
  })
  return stream.offer()
}
