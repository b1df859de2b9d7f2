import type { ApplicationId, CallEventLog, CallId, EventPosition } from '@parley/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { callParams, noCall, ownCall } from '../management/own-call.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { empty, type Route, type RouteAnswer, route } from '../management/route.ts'
import { placeOfEventId } from './event-frame.ts'
import { type FollowOptions, followCalls, lookBackMs } from './follow-calls.ts'
import { responseSink } from './response-sink.ts'

/** Streams at once. Taste: each looks into the journal up to four or ten times a second. */
const maxStreams = 200
const maxStreamsOfApplication = 50
/** How far back a reader of an application is caught up. */
const maxCatchUpMs = 3_600_000
/** Events of another call that were stored a little later than their time says. */
const lateMs = 5_000

/**
 * `GET /v1/calls/{id}/events` and `GET /v1/events`: what happens in calls, as it happens, as Server-Sent Events. Another
 * application's call is not there, and its events never are. Streams end when `closing` aborts.
 */
export function eventRoutes(options: ApiOptions, closing: AbortSignal): readonly Route[] {
  const { eventLog: log, liveEvents: feed, records, clock, logger } = options
  const streams = new Map<ApplicationId, number>()

  const stream = (request: FastifyRequest, of: StreamOf): RouteAnswer => {
    const own = streams.get(of.applicationId) ?? 0
    const all = [...streams.values()].reduce((sum, count) => sum + count, 0)
    if (own >= maxStreamsOfApplication || all >= maxStreams || closing.aborted) {
      throw new Problem(503, 'there are too many event streams now', { headers: { 'retry-after': '5' } })
    }
    streams.set(of.applicationId, own + 1)
    return { kind: 'stream', open: (reply) => run(request, reply, of) }
  }

  const run = (request: FastifyRequest, reply: FastifyReply, of: StreamOf): void => {
    const response = reply.raw
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    response.on('error', () => gone.abort())
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // A connection that outlives its stream would hold up the end of the server.
      connection: 'close',
    })
    const signal = AbortSignal.any([gone.signal, closing])
    const sink = responseSink(response, clock)
    followCalls({ log, feed, clock, logger, sink, signal, ...of })
      .then(
        () => response.end(),
        (error: unknown) => {
          if (!gone.signal.aborted) logger.info('event stream dropped', { reason: String(error) })
          request.raw.destroy()
        },
      )
      .finally(() => {
        const left = (streams.get(of.applicationId) ?? 1) - 1
        if (left > 0) streams.set(of.applicationId, left)
        else streams.delete(of.applicationId)
      })
  }

  return [
    route({
      method: 'GET',
      path: '/v1/calls/{id}/events',
      tag: 'events',
      summary: 'What happens in a call, as Server-Sent Events from its first to its last',
      role: 'viewer',
      params: callParams,
      missing: noCall,
      query: z.object({ lastEventId: lastEventMember }),
      answer: { status: 200, types: ['text/event-stream'] },
      refusals: tooMany,
      async handle({ params, query, access, request }) {
        const call = await ownCall(params.id, access, records)
        const last = lastPlace(request, query)
        if (last && last.callId !== call.callId) throw wrongId()
        const { applicationId, callId } = call
        const positions = new Map<CallId, EventPosition>(last ? [[callId, { seq: last.seq }]] : [])
        if (last && call.state === 'ended') {
          const rest = await log.after({ applicationId, callId, positions, sinceMs: 0, limit: 1 })
          // Tells an EventSource not to come back.
          if (rest.length === 0) return empty
        }
        return stream(request, { applicationId, callId, positions })
      },
    }),
    route({
      method: 'GET',
      path: '/v1/events',
      tag: 'events',
      summary: 'What happens in all calls of an application, as Server-Sent Events from now on',
      role: 'viewer',
      query: z.object({ ...ownerMember, lastEventId: lastEventMember }),
      answer: { status: 200, types: ['text/event-stream'] },
      refusals: { 404: 'no such application', ...tooMany },
      async handle({ query, access, request }) {
        const application = ownerOf(query, access)
        const last = lastPlace(request, query)
        return stream(request, { applicationId: application, ...(await startOf(log, application, last)) })
      },
    }),
  ]

  /** Now; or where the reader stopped, by the time of the last event it has. */
  async function startOf(from: CallEventLog, application: ApplicationId, last: Place | undefined) {
    const nowMs = clock.wallMs()
    const known = last && (await records.events(application, last.callId)).find(({ seq }) => seq === last.seq)
    const atMs = known ? Math.max(known.wallMs - lateMs, nowMs - maxCatchUpMs) : nowMs
    // A call that ended while the reader was away may have begun long before.
    const positions = await from.positions(application, atMs - (known ? maxCatchUpMs : lookBackMs), atMs)
    if (known) positions.set(known.callId, { ...positions.get(known.callId), seq: known.seq })
    return { positions, fromMs: atMs }
  }
}

type StreamOf = Pick<FollowOptions, 'applicationId' | 'callId' | 'positions' | 'fromMs'>
type Place = Exclude<ReturnType<typeof placeOfEventId>, undefined>

const lastEventMember = z.string().optional().describe('Instead of the header Last-Event-ID')
const tooMany = { 503: 'there are too many event streams now, or the records cannot be read' }

const wrongId = () => new Problem(400, 'Last-Event-ID must be the id of an event of this stream')

/** From the header that an EventSource sends when it comes back, or from the query. @throws Problem 400 */
function lastPlace(request: FastifyRequest, query: { readonly lastEventId?: string | undefined }): Place | undefined {
  const id = request.headers['last-event-id'] ?? query.lastEventId
  if (id === undefined || id === '') return undefined
  const place = typeof id === 'string' ? placeOfEventId(id) : undefined
  if (!place) throw wrongId()
  return place
}
