import { Readable } from 'node:stream'
import { recordingFormatOf, recordingFormats } from '@parley/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import { asrDataList } from '../calls/asr-data.ts'
import { causeText } from '../request-log.ts'
import { decideRange } from './byte-range.ts'
import type { LinkTarget, SignedLinks } from './signed-links.ts'

type Send = (target: LinkTarget, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** `GET` and `HEAD` of recordings and transcripts, for whoever holds a signed address. */
export function addFileRoutes(server: FastifyInstance, options: ApiOptions, links: SignedLinks): void {
  const { clock, logger, records, recordings } = options

  const sendRecording: Send = async (target, request, reply) => {
    const call = await records.find(target.applicationId, target.callId)
    const path = call?.recording?.path
    const file = path === undefined ? undefined : await recordings.stat(path)
    if (path === undefined || !file) return plain(reply, 404, 'no such recording')
    // The address is signed for GET alone.
    const elsewhere = request.method === 'GET' ? await recordings.linkTo?.(path) : undefined
    if (elsewhere !== undefined) return reply.header('cache-control', 'private').redirect(elsewhere, 302)
    const { contentType } = recordingFormats[recordingFormatOf(path)]
    const range = decideRange(request.headers.range, file.bytes)
    reply.header('accept-ranges', 'bytes').header('content-type', contentType).header('cache-control', 'private')
    if (range.kind === 'unsatisfiable') {
      return plain(reply.header('content-range', `bytes */${file.bytes}`), 416, 'range not satisfiable')
    }
    const { start, end } = range.kind === 'part' ? range : { start: 0, end: file.bytes - 1 }
    if (range.kind === 'part') reply.code(206).header('content-range', `bytes ${start}-${end}/${file.bytes}`)
    reply.header('content-length', end - start + 1)
    if (request.method === 'HEAD' || file.bytes === 0) return reply.send('')
    const stream = Readable.from(recordings.read(path, { start, end }), { objectMode: false })
    stream.once('error', (error) => {
      logger.warn('recording download broke off', { callId: target.callId, 'pii.cause': causeText(error, []) })
    })
    return reply.send(stream)
  }

  const sendTranscript: Send = async (target, _request, reply) => {
    const call = await records.find(target.applicationId, target.callId)
    if (!call) return plain(reply, 404, 'no such transcript')
    const lines = await records.transcript(target.applicationId, target.callId)
    const body = Buffer.from(JSON.stringify(asrDataList(call, lines)))
    return reply.header('content-type', 'application/json').header('cache-control', 'private').send(body)
  }

  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = '', query = ''] = request.raw.url?.split('?') ?? []
    const target = links.open(path, new URLSearchParams(query), clock.wallMs())
    if (!target) return plain(reply, 403, 'the address is not valid or has expired')
    try {
      return await (target.file === 'recording' ? sendRecording : sendTranscript)(target, request, reply)
    } catch (error) {
      logger.error('file request failed', { callId: target.callId, 'pii.cause': causeText(error, []) })
      return plain(reply, 503, 'the file cannot be read now')
    }
  }
  server.route({ method: ['GET', 'HEAD'], url: '/recordings/*', handler: serve })
  server.route({ method: ['GET', 'HEAD'], url: '/transcripts/*', handler: serve })
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').send(`${text}\n`)
}
