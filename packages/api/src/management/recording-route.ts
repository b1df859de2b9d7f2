import { VoiceError } from '@parley/core'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { guardedRoute } from './guarded-route.ts'
import { ownCall } from './own-call.ts'
import { problem } from './problem.ts'

const bodySchema = z.strictObject({ action: z.enum(['pause', 'resume']) })

/**
 * `POST /v1/calls/{SessionId}/recording` with `{"action": "pause"}` or `"resume"`: what is said meanwhile is silence in the
 * recording. 204 when it is so, also when it was so before.
 */
export function addRecordingRoute(server: FastifyInstance, options: ApiOptions, keys: KeyRing): void {
  const { records, control, logger } = options
  server.post(
    '/v1/calls/:id/recording',
    guardedRoute(keys, logger, async (request, reply, credential) => {
      const action = actionOf(request.body)
      if (action === undefined) return problem(reply, 400, 'action must be pause or resume')
      const call = await ownCall(request, credential, records)
      if (!call) return problem(reply, 404, 'no such call')
      try {
        await control.pauseRecording(call.callId, action === 'pause')
        return reply.code(204).send()
      } catch (error) {
        const code = error instanceof VoiceError ? error.code : undefined
        if (code !== 'CALL_NOT_FOUND' && code !== 'CALL_NOT_CONTROLLABLE') throw error
        return problem(reply, 409, 'the call is not up on this engine')
      }
    }),
  )
}

function actionOf(body: unknown): 'pause' | 'resume' | undefined {
  try {
    return bodySchema.parse(JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')).action
  } catch {
    return undefined
  }
}
