import type { FastifyReply } from 'fastify'

/** An error answer of `/v1`. @see RFC 9457 */
export const problem = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify({ status, title: detail })))
