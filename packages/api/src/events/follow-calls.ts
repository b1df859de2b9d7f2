import {
  type ApplicationId,
  type CallEventLog,
  type CallId,
  type Clock,
  type EventPosition,
  type Logger,
  waitUntil,
} from '@parley/core'
import { causeText } from '../request-log.ts'
import { Bell } from './bell.ts'
import { framesOf, partialFrame } from './event-frame.ts'
import type { LiveFeed } from './live-feed.ts'

/** Where frames go. */
export interface EventSink {
  /** Nothing waits to be sent: what comes now goes out at once. */
  readonly isFree: boolean
  /** Resolves when more may be written. @throws Error when the reader took nothing for too long, or is gone */
  write(text: string): Promise<void>
}

export interface FollowOptions {
  readonly log: CallEventLog
  /** Absent: no partial transcripts, and everything is found by looking. */
  readonly feed: LiveFeed
  readonly clock: Clock
  readonly logger: Logger
  readonly sink: EventSink
  readonly signal: AbortSignal
  readonly applicationId: ApplicationId
  /** Of this call alone; the stream ends with it. */
  readonly callId?: CallId
  /** Unix ms up to which the reader knows everything; it is caught up from there. Default: now. */
  readonly fromMs?: number
  /** What the reader has already. Kept up to date. */
  readonly positions: Map<CallId, EventPosition>
}

/** Events read at once: what a slow reader makes us hold. */
const pageEvents = 200
/** How often the journal is looked at without news, for calls that other engines carry. */
const lookMs = 1_000
/**
 * Between two looks, however much is happening: for one call below what people see as a delay (taste). A look at an
 * application costs more: 47 ms with 200,000 records and 10 new calls a second, on a machine that was busy besides.
 */
const pauseOfCallMs = 100
const pauseOfApplicationMs = 250
const keepAliveMs = 15_000
/** New calls are looked for this far back: clocks differ, and a call is created before it waits for a line. */
export const lookBackMs = 60_000

/**
 * Sends the events of calls to a reader until `signal` aborts or the one call is over. The journal is the only source, so a
 * reader sees what is stored, in order and once, whichever engine carries the call; what it does not take is not read.
 * Partial transcripts come from the feed and are skipped while the reader is behind.
 *
 * @throws what the sink throws
 */
export async function followCalls(options: FollowOptions): Promise<void> {
  const { clock, sink, signal, positions, callId, applicationId } = options
  const pauseMs = callId === undefined ? pauseOfApplicationMs : pauseOfCallMs
  const bell = new Bell()
  using _listening = options.feed.listen({
    stored: (id) => {
      if (callId === undefined || id === callId) bell.ring()
    },
    words: (application, id, text) => {
      if (application !== applicationId || (callId !== undefined && id !== callId) || !sink.isFree) return
      // A reader that went away is noticed by the loop.
      sink.write(partialFrame(id, clock.wallMs(), text)).catch(() => {})
    },
  })
  let { fromMs } = options
  let keepAliveAtMs = clock.nowMs() + keepAliveMs
  await sink.write(': connected\n\n')
  while (!signal.aborted) {
    const nowMs = clock.wallMs()
    const events = await look(options, Math.min(fromMs ?? nowMs, nowMs) - lookBackMs)
    let text = ''
    let isOver = false
    for (const event of events ?? []) {
      const endedAtMs = event.body.type === 'call.ended' ? event.wallMs : undefined
      positions.set(event.callId, { seq: event.seq, ...(endedAtMs === undefined ? {} : { endedAtMs }) })
      text += framesOf(event)
      isOver ||= endedAtMs !== undefined && event.callId === callId
    }
    if (text) {
      await sink.write(text)
      keepAliveAtMs = clock.nowMs() + keepAliveMs
    } else if (clock.nowMs() >= keepAliveAtMs) {
      await sink.write(': keep-alive\n\n')
      keepAliveAtMs = clock.nowMs() + keepAliveMs
    }
    if (isOver) return
    if (events?.length === pageEvents) continue
    if (events) fromMs = undefined
    await waitUntil(clock, clock.nowMs() + pauseMs, signal).catch(() => {})
    await bell.sleep(clock, clock.nowMs() + lookMs - pauseMs, signal)
  }
}

/** The next events; undefined while the database does not answer. */
async function look({ log, logger, positions, applicationId, callId }: FollowOptions, sinceMs: number) {
  // Calls that are over and too old to be looked for, by whichever clock, need no position any more.
  for (const [id, { endedAtMs = Infinity }] of positions) {
    if (callId === undefined && endedAtMs < sinceMs - lookBackMs) positions.delete(id)
  }
  try {
    const only = callId === undefined ? {} : { callId }
    return await log.after({ applicationId, ...only, positions, sinceMs, limit: pageEvents })
  } catch (error) {
    logger.warn('events could not be read', { 'pii.cause': causeText(error, []) })
    return undefined
  }
}
