import { VoiceError } from '@parley/core'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { writeOnly } from './audited.ts'
import { callParams, noCall, ownCall } from './own-call.ts'
import { Problem } from './problem.ts'
import { empty, type Route, route } from './route.ts'

const notUp = 'the call is not up on this engine'

/**
 * `POST /v1/calls/{id}/keys` with `{"keys": "123#"}`: presses keys to the other side of a live call, as its trunk sends
 * them (RFC 4733, INFO or tones). 204 when they are on their way.
 */
export const keysRoute = ({ records, control }: ApiOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/calls/{id}/keys',
    tag: 'calls',
    summary: 'Press keys to the other side of a live call',
    role: 'operator',
    params: callParams,
    missing: noCall,
    body: z.strictObject({
      // Card numbers and the like are nobody's business.
      keys: writeOnly(z.string().regex(/^[0-9A-D*#]{1,32}$/, 'must be 1 to 32 of 0-9, A-D, * and #')),
    }),
    answer: { status: 204 },
    refusals: { 409: notUp },
    async handle({ params, body, access }) {
      const { callId } = await ownCall(params.id, access, records)
      try {
        await control.press(callId, body.keys)
        return empty
      } catch (error) {
        const code = error instanceof VoiceError ? error.code : undefined
        if (code === 'CALL_NOT_FOUND' || code === 'CALL_NOT_CONTROLLABLE') throw new Problem(409, notUp)
        throw error
      }
    },
  })
