import type { ActionServices } from './actions/action.ts'
import { type Answer, failureAnswer, successAnswer } from './answer/answer.ts'
import { answerLanguage } from './answer/localized-text.ts'
import { toApiError } from './answer/voice-error-codes.ts'
import type { ApiOptions } from './api-options.ts'
import type { LiveKeyRing } from './auth/live-key-ring.ts'
import type { SignedRequest } from './auth/signed-request.ts'
import { logRequest } from './request-log.ts'
import { type Progress, serveRequest } from './serve-request.ts'

/** Answers requests of the public API. Never rejects. */
export interface Dispatcher {
  handle(request: SignedRequest): Promise<Answer>
  /** The answer to a request the HTTP server could not even read. */
  refuse(error: unknown, headers: SignedRequest['headers']): Answer
}

export function createDispatcher(options: ApiOptions, keys: LiveKeyRing, services: ActionServices): Dispatcher {
  const { clock, logger, random } = options
  const house = { options, services, keys }

  return {
    async handle(request) {
      const requestId = random.uuid()
      const startedAtMs = clock.nowMs()
      const progress: Progress = { requestId, secrets: [] }
      const report = (error?: unknown) =>
        logRequest(logger, {
          requestId,
          action: progress.action,
          client: progress.kind?.client,
          tookMs: clock.nowMs() - startedAtMs,
          error,
          secrets: progress.secrets,
        })
      try {
        const answer = successAnswer(requestId, await serveRequest(request, progress, house))
        report()
        return answer
      } catch (error) {
        report(error)
        const language = progress.kind?.language ?? answerLanguage(request.headers['x-tc-language'])
        return failureAnswer(requestId, toApiError(error), language)
      }
    },
    refuse(error, headers) {
      const requestId = random.uuid()
      logRequest(logger, { requestId, action: undefined, client: undefined, tookMs: 0, error, secrets: [] })
      return failureAnswer(requestId, toApiError(error), answerLanguage(headers['x-tc-language']))
    },
  }
}
