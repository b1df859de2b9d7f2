import { type Clock, type Role, VoiceError, waitUntil } from '@parley/core'
import type { Action, ActionServices } from './actions/action.ts'
import { actions } from './actions/action-index.ts'
import { assertAvailable, assertKnown } from './actions/known-actions.ts'
import { ApiError } from './answer/api-error.ts'
import { missingParameter } from './answer/parameter-errors.ts'
import type { ApiOptions } from './api-options.ts'
import type { Credential } from './auth/key-ring.ts'
import type { LiveKeyRing } from './auth/live-key-ring.ts'
import { verifySignatureV1 } from './auth/signature-v1.ts'
import type { SignedRequest } from './auth/signed-request.ts'
import { verifyTc3 } from './auth/tc3.ts'
import { mayAct } from './management/access.ts'
import { publicOrigin } from './public-origin.ts'
import { assertVersion, type RequestKind, rawParameters, requestKind } from './request-kind.ts'
import { secretTexts } from './request-log.ts'

/** SDKs give up after 60 s; they shall hear of it before. */
const handlerLimitMs = 50_000

/** What is known of a request so far, for the log line and for the language of a refusal. */
export interface Progress {
  readonly requestId: string
  kind?: RequestKind
  action?: string
  secrets: readonly string[]
}

/** What serving needs besides the request. */
export interface ServingHouse {
  readonly options: ApiOptions
  readonly services: ActionServices
  readonly keys: LiveKeyRing
}

/**
 * Checks a request in the order of the vendor's gateway (action, version, signature, parameters) and runs its action.
 * Notes in `progress` how far it came.
 *
 * @throws ApiError, and whatever the ports throw
 */
export async function serveRequest(
  request: SignedRequest,
  progress: Progress,
  { options, services, keys }: ServingHouse,
): Promise<Readonly<Record<string, unknown>>> {
  const kind = requestKind(request)
  progress.kind = kind
  if (!kind.action) throw missingParameter('Action')
  assertKnown(kind.action)
  progress.action = kind.action
  assertVersion(kind)
  const credential = authenticate(request, kind, keys, options)
  keys.noteUse(credential)
  progress.secrets = [credential.secretKey.reveal()]
  if (!mayAct(credential.role, leastRole(kind.action))) throw new ApiError('AuthFailure.UnauthorizedOperation')
  const raw = rawParameters(request, kind)
  progress.secrets = [...progress.secrets, ...secretTexts(raw.values)]
  assertAvailable(kind.action)
  const action = actionNamed(kind.action)
  const logger = options.logger.child({ requestId: progress.requestId, action: action.name })
  const unknown = Object.keys(raw.values).filter((name) => !action.parameterNames.has(name))
  if (unknown.length > 0) {
    logger.info('unknown parameters ignored', { names: unknown.slice(0, 20).map(plainName) })
  }
  const wallMs = options.clock.wallMs()
  const idempotencyKey = request.headers['x-idempotency-key']
  const context = { ...services, wallMs, origin: publicOrigin(request.headers, options), idempotencyKey, logger }
  return withinLimit(action.run(raw, credential.applications, context), options.clock)
}

/** Whoever may see may describe; whatever else an action does is done by operators. */
const leastRole = (action: string): Role =>
  action.startsWith('Describe') && !showsSecrets.has(action) ? 'viewer' : 'operator'

/** Whoever may only look must not get what somebody else could act with. */
const showsSecrets: ReadonlySet<string> = new Set(['DescribeExtension'])

/** @throws ApiError AuthFailure.* */
function authenticate(request: SignedRequest, kind: RequestKind, keys: LiveKeyRing, options: ApiOptions): Credential {
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
