import { type CallId, callId, VoiceError } from '@parley/core'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiOptions } from '../api-options.ts'
import { basicCredential } from '../auth/basic.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import { causeText } from '../request-log.ts'
import { problem, unauthorized } from './problem.ts'

const bodySchema = z.strictObject({
  keys: z.string().regex(/^[0-9A-D*#]{1,32}$/, 'must be 1 to 32 of 0-9, A-D, * and #'),
})

/**
 * `POST /v1/calls/{SessionId}/keys` with `{"keys": "123#"}`: presses keys to the other side of a live call, as its trunk sends
 * them (RFC 4733, INFO or tones). 204 when they are on their way. HTTP Basic with SecretId and SecretKey.
 */
export function addKeysRoute(server: FastifyInstance, options: ApiOptions, keys: KeyRing): void {
  const { records, control, logger } = options
  server.post<{ Params: { id: string } }>('/v1/calls/:id/keys', async (request, reply) => {
    const credential = basicCredential(request.headers.authorization, keys)
    if (!credential) return unauthorized(reply)
    const body = parse(request.body)
    if (typeof body === 'string') return problem(reply, 400, body)
    const id = callId(request.params.id.toLowerCase())
    try {
      const owned = await Promise.all([...credential.applications].map((application) => records.find(application, id)))
      if (!owned.some(Boolean)) return problem(reply, 404, 'no such call')
      await control.press(id, body.keys)
      return reply.code(204).send()
    } catch (error) {
      const code = error instanceof VoiceError ? error.code : undefined
      if (code === 'CALL_NOT_FOUND' || code === 'CALL_NOT_CONTROLLABLE') {
        return problem(reply, 409, 'the call is not up on this engine')
      }
      logger.error('keys could not be pressed', { callId: id as CallId, 'pii.cause': causeText(error, []) })
      return problem(reply, 503, 'the keys cannot be pressed now')
    }
  })
}

/** The body, or what is wrong with it. */
function parse(body: unknown): z.output<typeof bodySchema> | string {
  try {
    const result = bodySchema.safeParse(JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : ''))
    if (result.success) return result.data
    return result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  } catch {
    return 'body: must be JSON'
  }
}
