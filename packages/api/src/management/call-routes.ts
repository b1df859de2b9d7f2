import { type CallRecord, recordingFormatOf } from '@parley/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import type { Credential, KeyRing } from '../auth/key-ring.ts'
import type { SignedLinks } from '../files/signed-links.ts'
import { publicOrigin } from '../public-origin.ts'
import { causeText } from '../request-log.ts'
import { callJson } from './call-json.ts'
import { guardedRoute } from './guarded-route.ts'
import { ownCall } from './own-call.ts'
import { cursorOf } from './page-cursor.ts'
import { applicationOf, pageQuery } from './page-query.ts'
import { problem } from './problem.ts'
import { plainTranscript, vttTranscript } from './render-transcript.ts'

/** Calls, one call, its transcript, and the deletion of its recording. A call of another application is not there. */
export function addCallRoutes(server: FastifyInstance, options: ApiOptions, keys: KeyRing, links: SignedLinks): void {
  const { clock, logger, records, recordings } = options
  const guarded = (handle: Parameters<typeof guardedRoute>[2]) => guardedRoute(keys, logger, handle)

  const shown = (call: CallRecord, request: FastifyRequest) => {
    if (!call.recording) return callJson(call, undefined)
    const { applicationId, callId } = call
    const format = recordingFormatOf(call.recording.path)
    const path = links.pathTo({ file: 'recording', applicationId, callId, format }, clock.wallMs())
    const headers = { host: request.headers.host, ...forwarded(request) }
    return callJson(call, `${publicOrigin(headers, options)}${path}`)
  }

  const list = async (request: FastifyRequest, reply: FastifyReply, { applications }: Credential) => {
    const asked = request.query as Readonly<Record<string, unknown>>
    const application = applicationOf(asked, applications)
    if (typeof application !== 'number') return problem(reply, application.status, application.problem)
    const query = pageQuery(asked, application, clock.wallMs())
    if ('problem' in query) return problem(reply, 400, query.problem)
    // One more than asked for tells whether there is another page.
    const found = await records.page({ ...query, limit: query.limit + 1 })
    const calls = found.slice(0, query.limit)
    const last = found.length > calls.length ? calls.at(-1) : undefined
    return reply.send({ calls: calls.map((call) => shown(call, request)), ...(last && { nextCursor: cursorOf(last) }) })
  }

  const transcript = async (request: FastifyRequest, reply: FastifyReply, credential: Credential) => {
    const { format = 'json' } = request.query as { readonly format?: unknown }
    if (format !== 'json' && format !== 'vtt' && format !== 'text') {
      return problem(reply, 400, 'format must be json, vtt or text')
    }
    const call = await ownCall(request, credential, records)
    if (!call) return problem(reply, 404, 'no such call')
    const lines = await records.transcript(call.applicationId, call.callId)
    if (format === 'json') return reply.send({ id: call.callId, isFinal: call.state === 'ended', lines })
    const type = format === 'vtt' ? 'text/vtt' : 'text/plain'
    return reply
      .header('content-type', `${type}; charset=utf-8`)
      .send(format === 'vtt' ? vttTranscript(lines) : plainTranscript(lines))
  }

  const deleteRecording = async (request: FastifyRequest, reply: FastifyReply, credential: Credential) => {
    const call = await ownCall(request, credential, records)
    if (!call) return problem(reply, 404, 'no such call')
    if (call.state !== 'ended') return problem(reply, 409, 'the call is in progress and still recorded')
    if (!call.recording) return problem(reply, 404, 'the call has no recording')
    await records.forgetRecording(call.applicationId, call.callId)
    // Whatever becomes of this, the file is written down as one that must go.
    await recordings.remove(call.recording.path).catch((error: unknown) => {
      logger.warn('the recording will be deleted later', { callId: call.callId, 'pii.cause': causeText(error, []) })
    })
    logger.info('recording deleted', { callId: call.callId })
    return reply.code(204).send()
  }

  server.get('/v1/calls', guarded(list))
  server.get(
    '/v1/calls/:id',
    guarded(async (request, reply, credential) => {
      const call = await ownCall(request, credential, records)
      return call ? reply.send(shown(call, request)) : problem(reply, 404, 'no such call')
    }),
  )
  server.get('/v1/calls/:id/transcript', guarded(transcript))
  server.delete('/v1/calls/:id/recording', guarded(deleteRecording))
}

function forwarded(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
  return {
    'x-forwarded-proto': first(request.headers['x-forwarded-proto']),
    'x-forwarded-host': first(request.headers['x-forwarded-host']),
  }
}
