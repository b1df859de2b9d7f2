import type { Socket } from 'node:net'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Answer } from './answer/answer.ts'
import { ApiError } from './answer/api-error.ts'
import type { SignedRequest } from './auth/signed-request.ts'
import type { Dispatcher } from './dispatcher.ts'
import { drainRequest } from './drain-request.ts'
import { Problem, sendProblem } from './management/problem.ts'

/** Documented limit of a JSON body. */
const maxBodyBytes = 10 * 1024 * 1024
/** A refused body is read up to here before the answer. */
const maxDrainedBytes = 4 * maxBodyBytes
/** Room for a query of 32 KB and the other headers; Node's own limit is 16 KB. */
const maxHeaderBytes = 64 * 1024
const requestTimeoutMs = 30_000

/**
 * HTTP around the dispatcher. Every address that is not another route's is the public API, because clients may put any
 * path into their endpoint. Bodies stay raw bytes: signatures are computed over them.
 */
export function createHttpServer(dispatcher: Dispatcher): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    http: { maxHeaderSize: maxHeaderBytes },
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => {
      send(request, reply, dispatcher.refuse(readingError(error), headersOf(request)))
    },
    clientErrorHandler: answerUnreadable,
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const handle = async (request: FastifyRequest, reply: FastifyReply) =>
    send(request, reply, await dispatcher.handle(signedRequest(request)))
  server.route({ method: ['GET', 'POST'], url: '*', handler: handle })
  server.setNotFoundHandler(handle)
  server.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') await drainRequest(request.raw, maxDrainedBytes)
    if (request.url.startsWith('/v1/')) return sendProblem(reply, unreadable(error))
    return send(request, reply, dispatcher.refuse(readingError(error), headersOf(request)))
  })
  return server
}

/** Sent as bytes, since Fastify would add a charset to the content type and the Python SDK then misses errors. */
function send(request: FastifyRequest, reply: FastifyReply, { body, requestId }: Answer): FastifyReply {
  const traceId = request.headers['x-tc-traceid']
  if (typeof traceId === 'string' && /^[\x21-\x7e]{1,128}$/.test(traceId)) reply.header('X-TC-TraceId', traceId)
  return reply.code(200).header('X-TC-RequestId', requestId).header('content-type', 'application/json').send(body)
}

/** The same for `/v1`. */
function unreadable({ code, statusCode = 400 }: FastifyError): Problem {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Problem(413, `body: has more than ${maxBodyBytes} bytes`)
  return statusCode < 500 ? new Problem(400, 'the request cannot be read') : new Problem(503, 'the request failed')
}

/** Fastify's refusals while reading a request. */
function readingError(error: FastifyError): unknown {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError('RequestSizeLimitExceeded')
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('UnsupportedProtocol')
  const isClientFault = error.statusCode !== undefined && error.statusCode < 500
  return isClientFault || error.code?.startsWith('FST_ERR_') ? new ApiError('InvalidParameter') : error
}

function signedRequest(request: FastifyRequest): SignedRequest {
  const url = request.raw.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: headersOf(request),
    body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
  }
}

function headersOf(request: FastifyRequest): SignedRequest['headers'] {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

/** What is no HTTP gets the plain answer of HTTP, and the connection ends. */
function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
