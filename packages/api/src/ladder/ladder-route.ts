import type { SignallingMessage } from '@parley/core'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { callParams, noCall, ownCall } from '../management/own-call.ts'
import { json, type Route, route, text } from '../management/route.ts'
import { renderLadder } from './render-ladder.ts'

const messageSchema = z.object({
  time: z.string(),
  direction: z.enum(['sent', 'received']),
  peer: z.string(),
  text: z.string(),
})

/**
 * `GET /v1/calls/{id}/sip`: the signalling of a call for support, as JSON, or drawn with `?format=text`. A call of another
 * application is not there.
 */
export const ladderRoute = ({ records }: ApiOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/calls/{id}/sip',
    tag: 'calls',
    summary: 'The SIP messages of a call',
    role: 'viewer',
    params: callParams,
    missing: noCall,
    query: z.object({ format: z.enum(['json', 'text']).default('json') }),
    answer: { status: 200, schema: z.object({ messages: z.array(messageSchema) }), types: ['text/plain'] },
    async handle({ params, query: { format }, access }) {
      const call = await ownCall(params.id, access, records)
      const events = await records.events(call.applicationId, call.callId, ['signalling.messages'])
      const messages = events.flatMap(({ body }) => (body.type === 'signalling.messages' ? body.messages : []))
      return format === 'json' ? json({ messages: messages.map(shown) }) : text('text/plain', renderLadder(messages))
    },
  })

const shown = ({ wallMs, sent, peer, text }: SignallingMessage) => ({
  time: new Date(wallMs).toISOString(),
  direction: sent ? 'sent' : 'received',
  peer,
  text,
})
