import type { SignallingMessage } from '@parley/core'
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../api-options.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { guardedRoute } from '../management/guarded-route.ts'
import { ownCall } from '../management/own-call.ts'
import { problem } from '../management/problem.ts'
import { renderLadder } from './render-ladder.ts'

/**
 * `GET /v1/calls/{SessionId}/sip`: the signalling of a call for support, as JSON, or drawn with `?format=text`. HTTP Basic
 * with SecretId and SecretKey; a call of another application is not there.
 */
export function addLadderRoute(server: FastifyInstance, { records, logger }: ApiOptions, keys: KeyRing): void {
  server.get(
    '/v1/calls/:id/sip',
    guardedRoute(keys, logger, async (request, reply, credential) => {
      const { format = 'json' } = request.query as { readonly format?: unknown }
      if (format !== 'json' && format !== 'text') return problem(reply, 400, 'format must be json or text')
      const call = await ownCall(request, credential, records)
      if (!call) return problem(reply, 404, 'no such call')
      const events = await records.events(call.applicationId, call.callId, ['signalling.messages'])
      const messages = events.flatMap(({ body }) => (body.type === 'signalling.messages' ? body.messages : []))
      if (format === 'json') return reply.send({ messages: messages.map(shown) })
      return reply.header('content-type', 'text/plain; charset=utf-8').send(renderLadder(messages))
    }),
  )
}

const shown = ({ wallMs, sent, peer, text }: SignallingMessage) => ({
  time: new Date(wallMs).toISOString(),
  direction: sent ? 'sent' : 'received',
  peer,
  text,
})
