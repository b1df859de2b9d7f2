import { callId, type MediaEngine, type MediaOptions, type MediaStream } from '@parley/core'
import { EventLog } from './stream-watch.ts'

/** Two streams that talk with each other over the loopback. */
export interface StreamPair extends AsyncDisposable {
  /** Made the offer. */
  readonly near: MediaStream
  readonly far: MediaStream
  readonly nearLog: EventLog
  readonly farLog: EventLog
}

/** `edit` changes the offer on its way. Both are started. */
export async function connectPair(
  engine: MediaEngine,
  nearOptions: Partial<MediaOptions>,
  farOptions: Partial<MediaOptions> = nearOptions,
  edit: (offer: string) => string = (offer) => offer,
  farEngine: MediaEngine = engine,
): Promise<StreamPair> {
  const near = await engine.open({ ...usual, ...nearOptions })
  const far = await farEngine.open({ ...usual, ...farOptions })
  const pair = {
    near,
    far,
    nearLog: new EventLog(near),
    farLog: new EventLog(far),
    async [Symbol.asyncDispose]() {
      await near[Symbol.asyncDispose]()
      await far[Symbol.asyncDispose]()
    },
  }
  await reoffer(near, far, edit)
  await near.start()
  await far.start()
  return pair
}

/** A new offer of `from`, answered by `to`. */
export async function reoffer(from: MediaStream, to: MediaStream, edit: (offer: string) => string): Promise<void> {
  const { sdp } = await to.answerOffer(edit(from.offer()))
  await from.acceptAnswer(sdp)
}

/** Leaves only these payload types in the `m=` line. */
export function onlyTypes(...types: readonly number[]): (offer: string) => string {
  return (offer) => offer.replace(/(m=audio \d+ RTP\/AVP)[ \d]+/, `$1 ${types.join(' ')}`)
}

const usual: MediaOptions = {
  callId: callId('call'),
  advertisedHost: '127.0.0.1',
  codecs: ['PCMA'],
  farFieldSuppression: 0,
}
