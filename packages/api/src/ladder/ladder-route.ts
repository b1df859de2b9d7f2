import { callId, type SignallingMessage } from '@parley/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import { basicCredential } from '../auth/basic.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { problem, unauthorized } from '../management/problem.ts'
import { causeText } from '../request-log.ts'
import { renderLadder } from './render-ladder.ts'

/**
 * `GET /v1/calls/{SessionId}/sip`: the signalling of a call for support, as JSON, or drawn with `?format=text`. HTTP Basic
 * with SecretId and SecretKey; a call of another application is not there.
 */
export function addLadderRoute(server: FastifyInstance, options: ApiOptions, keys: KeyRing): void {
  const { records, logger } = options
  server.get<{ Params: { id: string }; Querystring: { format?: string } }>(
    '/v1/calls/:id/sip',
    async (request, reply) => {
      const credential = basicCredential(request.headers.authorization, keys)
      if (!credential) return unauthorized(reply)
      const { format = 'json' } = request.query
      if (format !== 'json' && format !== 'text') return problem(reply, 400, 'format must be json or text')
      const id = callId(request.params.id.toLowerCase())
      try {
        for (const application of credential.applications) {
          if (!(await records.find(application, id))) continue
          const events = await records.events(application, id, ['signalling.messages'])
          const messages = events.flatMap(({ body }) => (body.type === 'signalling.messages' ? body.messages : []))
          return format === 'text' ? text(reply, renderLadder(messages)) : reply.send({ messages: messages.map(shown) })
        }
        return problem(reply, 404, 'no such call')
      } catch (error) {
        logger.error('ladder could not be read', { callId: id, 'pii.cause': causeText(error, []) })
        return problem(reply, 503, 'the records cannot be read now')
      }
    },
  )
}

const shown = ({ wallMs, sent, peer, text }: SignallingMessage) => ({
  time: new Date(wallMs).toISOString(),
  direction: sent ? 'sent' : 'received',
  peer,
  text,
})

const text = (reply: FastifyReply, body: string): FastifyReply =>
  reply.header('content-type', 'text/plain; charset=utf-8').send(body)
