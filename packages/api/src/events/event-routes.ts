import type { ApplicationId, CallEventLog, CallId, EventPosition } from '@parley/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { guardedRoute } from '../management/guarded-route.ts'
import { ownCall } from '../management/own-call.ts'
import { applicationOf } from '../management/page-query.ts'
import { problem } from '../management/problem.ts'
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
 * application's call is not there, and its events never are.
 */
export function addEventRoutes(server: FastifyInstance, options: ApiOptions, keys: KeyRing): void {
  const { eventLog: log, liveEvents: feed, records, clock, logger } = options
  if (!log) return
  const closing = new AbortController()
  const streams = new Map<ApplicationId, number>()
  server.addHook('preClose', async () => closing.abort())

  const stream = (
    request: FastifyRequest,
    reply: FastifyReply,
    of: Pick<FollowOptions, 'applicationId' | 'callId' | 'positions' | 'fromMs'>,
  ): FastifyReply => {
    const own = streams.get(of.applicationId) ?? 0
    const all = [...streams.values()].reduce((sum, count) => sum + count, 0)
    if (own >= maxStreamsOfApplication || all >= maxStreams || closing.signal.aborted) {
      return problem(reply.header('retry-after', '5'), 503, 'there are too many event streams now')
    }
    streams.set(of.applicationId, own + 1)
    reply.hijack()
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
    const signal = AbortSignal.any([gone.signal, closing.signal])
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
    return reply
  }

  server.get(
    '/v1/calls/:id/events',
    guardedRoute(keys, logger, async (request, reply, credential) => {
      const call = await ownCall(request, credential, records)
      if (!call) return problem(reply, 404, 'no such call')
      const last = lastPlace(request)
      if (last === 'wrong' || (last && last.callId !== call.callId)) return problem(reply, 400, wrongId)
      const { applicationId, callId } = call
      const positions = new Map<CallId, EventPosition>(last ? [[callId, { seq: last.seq }]] : [])
      if (last && call.state === 'ended') {
        const rest = await log.after({ applicationId, callId, positions, sinceMs: 0, limit: 1 })
        // Tells an EventSource not to come back.
        if (rest.length === 0) return reply.code(204).send()
      }
      return stream(request, reply, { applicationId, callId, positions })
    }),
  )

  server.get(
    '/v1/events',
    guardedRoute(keys, logger, async (request, reply, { applications }) => {
      const application = applicationOf(request.query as Readonly<Record<string, unknown>>, applications)
      if (typeof application !== 'number') return problem(reply, application.status, application.problem)
      const last = lastPlace(request)
      if (last === 'wrong') return problem(reply, 400, wrongId)
      return stream(request, reply, { applicationId: application, ...(await startOf(log, application, last)) })
    }),
  )

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

type Place = Exclude<ReturnType<typeof placeOfEventId>, undefined>

const wrongId = 'Last-Event-ID must be the id of an event of this stream'

/** From the header that an EventSource sends when it comes back, or from the query. */
function lastPlace(request: FastifyRequest): Place | 'wrong' | undefined {
  const query = request.query as { readonly lastEventId?: unknown }
  const id = request.headers['last-event-id'] ?? query.lastEventId
  if (id === undefined || id === '') return undefined
  return (typeof id === 'string' ? placeOfEventId(id) : undefined) ?? 'wrong'
}
