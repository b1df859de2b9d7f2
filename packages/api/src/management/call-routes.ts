import { type CallRecord, recordingFormatOf } from '@parley/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import type { SignedLinks } from '../files/signed-links.ts'
import { publicOrigin } from '../public-origin.ts'
import { causeText } from '../request-log.ts'
import { callJson, callSchema } from './call-json.ts'
import { callParams, noCall, ownCall } from './own-call.ts'
import { pageOf, pageWith } from './page.ts'
import { cursorOf } from './page-cursor.ts'
import { callPage, pageQuery } from './page-query.ts'
import { Problem } from './problem.ts'
import { plainTranscript, vttTranscript } from './render-transcript.ts'
import { empty, json, type Route, route, text } from './route.ts'

const transcriptSchema = z.object({
  id: z.string(),
  isFinal: z.boolean().describe('false: the call is in progress'),
  lines: z.array(z.looseObject({ role: z.string(), text: z.string(), fromMs: z.number(), toMs: z.number() })),
})

/** Calls, one call, its transcript, and the deletion of its recording. A call of another application is not there. */
export function callRoutes(options: ApiOptions, links: SignedLinks): readonly Route[] {
  const { clock, logger, records, recordings } = options

  const shown = (call: CallRecord, request: FastifyRequest) => {
    if (!call.recording) return callJson(call, undefined)
    const { applicationId, callId } = call
    const format = recordingFormatOf(call.recording.path)
    const path = links.pathTo({ file: 'recording', applicationId, callId, format }, clock.wallMs())
    const headers = { host: request.headers.host, ...forwarded(request) }
    return callJson(call, `${publicOrigin(headers, options)}${path}`)
  }

  return [
    route({
      method: 'GET',
      path: '/v1/calls',
      tag: 'calls',
      summary: 'Calls, newest first',
      role: 'viewer',
      query: callPage,
      answer: { status: 200, schema: pageOf('calls', callSchema) },
      refusals: { 404: 'no such application' },
      async handle({ query: asked, access, request }) {
        const query = pageQuery(asked, access, clock.wallMs())
        // One more than asked for tells whether there is another page.
        const found = await records.page({ ...query, limit: query.limit + 1 })
        return json(pageWith('calls', found, query.limit, { shown: (call) => shown(call, request), cursorOf }))
      },
    }),
    route({
      method: 'GET',
      path: '/v1/calls/{id}',
      tag: 'calls',
      summary: 'One call',
      role: 'viewer',
      params: callParams,
      missing: noCall,
      answer: { status: 200, schema: callSchema },
      handle: async ({ params, access, request }) => json(shown(await ownCall(params.id, access, records), request)),
    }),
    route({
      method: 'GET',
      path: '/v1/calls/{id}/transcript',
      tag: 'calls',
      summary: 'What was said in a call so far',
      role: 'viewer',
      params: callParams,
      missing: noCall,
      query: z.object({ format: z.enum(['json', 'vtt', 'text']).default('json') }),
      answer: { status: 200, schema: transcriptSchema, types: ['text/vtt', 'text/plain'] },
      async handle({ params, query: { format }, access }) {
        const call = await ownCall(params.id, access, records)
        const lines = await records.transcript(call.applicationId, call.callId)
        if (format === 'json') return json({ id: call.callId, isFinal: call.state === 'ended', lines })
        return format === 'vtt' ? text('text/vtt', vttTranscript(lines)) : text('text/plain', plainTranscript(lines))
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/calls/{id}/recording',
      tag: 'calls',
      summary: 'Delete the recording of a call',
      role: 'admin',
      params: callParams,
      missing: 'no such call, or it has no recording',
      answer: { status: 204 },
      refusals: { 409: 'the call is in progress and still recorded' },
      async handle({ params, access }) {
        const call = await ownCall(params.id, access, records)
        if (call.state !== 'ended') throw new Problem(409, 'the call is in progress and still recorded')
        if (!call.recording) throw new Problem(404, 'the call has no recording')
        await records.forgetRecording(call.applicationId, call.callId)
        // Whatever becomes of this, the file is written down as one that must go.
        await recordings.remove(call.recording.path).catch((error: unknown) => {
          const cause = causeText(error, [])
          logger.warn('the recording will be deleted later', { callId: call.callId, 'pii.cause': cause })
        })
        logger.info('recording deleted', { callId: call.callId })
        return empty
      },
    }),
  ]
}

function forwarded(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
  return {
    'x-forwarded-proto': first(request.headers['x-forwarded-proto']),
    'x-forwarded-host': first(request.headers['x-forwarded-host']),
  }
}
