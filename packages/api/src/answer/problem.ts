import type { FastifyReply } from 'fastify'

/** An error of `/v1`. @see RFC 9457 */
export const problem = (reply: FastifyReply, status: number, title: string): FastifyReply =>
  reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify({ status, title })))

/** Tells a client without a valid key pair what is needed. */
export const credentialsNeeded = (reply: FastifyReply): FastifyReply =>
  problem(reply.header('www-authenticate', 'Basic realm="Parley"'), 401, 'SecretId and SecretKey are needed')
