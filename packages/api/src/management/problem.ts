import type { FastifyReply } from 'fastify'

/** The answer of the management API to a request that cannot be served. @see RFC 9457 */
export const problem = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify({ status, title: detail })))

/** 401 with the scheme that is wanted. */
export const unauthorized = (reply: FastifyReply): FastifyReply =>
  problem(reply.header('www-authenticate', 'Basic realm="Parley"'), 401, 'SecretId and SecretKey are needed')
