import type { LegId, Logger, MediaStream, Signalling } from '@parley/core'

/** Answers a peer's re-INVITE or UPDATE with what its media stream can do, or refuses it with 488. */
export async function answerReoffer(
  { id, sdp }: { readonly id: number; readonly sdp?: string },
  leg: LegId,
  media: MediaStream,
  signalling: Signalling,
  logger: Logger,
): Promise<void> {
  try {
    const answer = sdp === undefined ? media.offer() : (await media.answerOffer(sdp)).sdp
    await signalling.command(leg, { type: 'reanswer', id, sdp: answer })
  } catch (error) {
    logger.warn('re-offer refused', { error })
    await signalling.command(leg, { type: 'refuse', id, status: 488 })
  }
}
