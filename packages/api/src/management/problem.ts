import type { FastifyReply } from 'fastify'

/** One thing that is wrong with a request. `field`: path within its part, e.g. `targets.0.number`; empty: the whole part. */
export interface FieldProblem {
  readonly in: 'path' | 'query' | 'header' | 'body'
  readonly field: string
  readonly detail: string
}

/** Why a request to `/v1` is not served, thrown by whoever finds out. `title`: a sentence for the client. */
export class Problem extends Error {
  readonly status: number
  readonly errors: readonly FieldProblem[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    title: string,
    more: { readonly errors?: readonly FieldProblem[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(title)
    this.status = status
    this.errors = more.errors ?? []
    this.headers = more.headers ?? {}
  }
}

/** @see RFC 9457 */
export const problemType = 'application/problem+json'

export const sendProblem = (reply: FastifyReply, { status, message, errors, headers }: Problem): FastifyReply =>
  reply
    .code(status)
    .headers(headers)
    .header('content-type', problemType)
    .send(Buffer.from(JSON.stringify({ status, title: message, ...(errors.length > 0 && { errors }) })))
