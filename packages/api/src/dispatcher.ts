import { type Clock, VoiceError, waitUntil } from '@parley/core'
import type { Action, ActionServices } from './actions/action.ts'
import { actions } from './actions/action-index.ts'
import { assertAvailable, assertKnown } from './actions/known-actions.ts'
import { type Answer, failureAnswer, successAnswer } from './answer/answer.ts'
import { ApiError } from './answer/api-error.ts'
import { answerLanguage } from './answer/localized-text.ts'
import { missingParameter } from './answer/parameter-errors.ts'
import { toApiError } from './answer/voice-error-codes.ts'
import type { ApiOptions } from './api-options.ts'
import { type Credential, createKeyRing, type KeyRing } from './auth/key-ring.ts'
import { verifySignatureV1 } from './auth/signature-v1.ts'
import type { SignedRequest } from './auth/signed-request.ts'
import { verifyTc3 } from './auth/tc3.ts'
import { publicOrigin } from './public-origin.ts'
import { assertVersion, type RequestKind, rawParameters, requestKind } from './request-kind.ts'
import { logRequest, secretTexts } from './request-log.ts'

/** Answers requests of the public API. Never rejects. */
export interface Dispatcher {
  handle(request: SignedRequest): Promise<Answer>
  /** The answer to a request the HTTP server could not even read. */
  refuse(error: unknown, headers: SignedRequest['headers']): Answer
}

/** SDKs give up after 60 s; they shall hear of it before. */
const handlerLimitMs = 50_000

/** What is known of a request so far, for the log line when it fails. */
interface Progress {
  kind?: RequestKind
  action?: string
  secrets: readonly string[]
}

export function createDispatcher(options: ApiOptions, services: ActionServices): Dispatcher {
  const { clock, logger, random } = options
  const keys = createKeyRing(options.applications)

  async function serve(
    request: SignedRequest,
    requestId: string,
    progress: Progress,
  ): Promise<Readonly<Record<string, unknown>>> {
    const kind = requestKind(request)
    progress.kind = kind
    if (!kind.action) throw missingParameter('Action')
    assertKnown(kind.action)
    progress.action = kind.action
    assertVersion(kind)
    const credential = authenticate(request, kind, keys, options)
    progress.secrets = [credential.secretKey.reveal()]
    const raw = rawParameters(request, kind)
    progress.secrets = [...progress.secrets, ...secretTexts(raw.values)]
    assertAvailable(kind.action)
    const action = actionNamed(kind.action)
    const requestLogger = logger.child({ requestId, action: action.name })
    const unknown = Object.keys(raw.values).filter((name) => !action.parameterNames.has(name))
    if (unknown.length > 0) {
      requestLogger.info('unknown parameters ignored', { names: unknown.slice(0, 20).map(plainName) })
    }
    const context = {
      ...services,
      wallMs: clock.wallMs(),
      origin: publicOrigin(request.headers, options),
      logger: requestLogger,
    }
    return withinLimit(action.run(raw, credential.applications, context), clock)
  }

  return {
    async handle(request) {
      const requestId = random.uuid()
      const startedAtMs = clock.nowMs()
      const progress: Progress = { secrets: [] }
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
        const answer = successAnswer(requestId, await serve(request, requestId, progress))
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

/** @throws ApiError AuthFailure.* */
function authenticate(request: SignedRequest, kind: RequestKind, keys: KeyRing, options: ApiOptions): Credential {
  const policy = {
    publicHosts: [...(options.publicHosts ?? []), ...(options.publicUrl ? [new URL(options.publicUrl).host] : [])],
    trustProxy: options.trustProxy ?? false,
    acceptUnsignedPayload: options.acceptUnsignedPayload ?? false,
  }
  const nowS = Math.floor(options.clock.wallMs() / 1000)
  if (kind.scheme === 'none') throw new ApiError('AuthFailure.InvalidAuthorization')
  const verdict =
    kind.scheme === 'tc3'
      ? verifyTc3(request, keys, nowS, policy)
      : verifySignatureV1(request, kind.pairs, keys, nowS, policy)
  if (verdict.kind === 'refused') throw new ApiError(`AuthFailure.${verdict.reason}`)
  return verdict.credential
}

function actionNamed(name: string): Action {
  const action = actions.get(name)
  if (!action) throw new ApiError('UnsupportedOperation')
  return action
}

async function withinLimit<T>(work: Promise<T>, clock: Clock): Promise<T> {
  const done = new AbortController()
  const limit = waitUntil(clock, clock.nowMs() + handlerLimitMs, done.signal).then(() => {
    throw new VoiceError('INTERNAL', { detail: 'the handler did not finish in time' })
  })
  // The loser of the race rejects with nobody listening.
  limit.catch(() => {})
  try {
    return await Promise.race([work, limit])
  } finally {
    done.abort()
  }
}

/** Parameter names come from the client; what is no plain word stays out of the log. */
function plainName(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : '[name]'
}
