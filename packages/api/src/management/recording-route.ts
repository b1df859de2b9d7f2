import { VoiceError } from '@parley/core'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { callParams, noCall, ownCall } from './own-call.ts'
import { Problem } from './problem.ts'
import { empty, type Route, route } from './route.ts'

const notUp = 'the call is not up on this engine'

/**
 * `POST /v1/calls/{id}/recording` with `{"action": "pause"}` or `"resume"`: what is said meanwhile is silence in the recording.
 * 204 when it is so, also when it was so before.
 */
export const recordingRoute = ({ records, control }: ApiOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/calls/{id}/recording',
    tag: 'calls',
    summary: 'Pause the recording of a live call, or let it go on',
    role: 'operator',
    params: callParams,
    missing: noCall,
    body: z.strictObject({ action: z.enum(['pause', 'resume']) }),
    answer: { status: 204 },
    refusals: { 409: notUp },
    async handle({ params, body, access }) {
      const { callId } = await ownCall(params.id, access, records)
      try {
        await control.pauseRecording(callId, body.action === 'pause')
        return empty
      } catch (error) {
        const code = error instanceof VoiceError ? error.code : undefined
        if (code === 'CALL_NOT_FOUND' || code === 'CALL_NOT_CONTROLLABLE') throw new Problem(409, notUp)
        throw error
      }
    },
  })
