import type {
  CallbackAuth,
  CampaignCallback,
  CampaignCallbacks,
  CampaignPush,
  HttpAnswer,
  HttpPost,
  PushResult,
} from '@parley/core'
import { authHeaders, callbackBody, tokenRequest } from './callback-request.ts'

export interface CallbackOptions {
  readonly callbacks: CampaignCallbacks
  readonly post: HttpPost
}

/** Of each request; the lease of a push covers two of them. */
const timeoutMs = 5_000
/** Room for a token, or for the members that an answer must have. */
const answerBytes = 16_384

/** Makes the request of one trigger of a campaign. Never rejects but with the signal's reason or that of the port. */
export async function deliverCallback(
  push: CampaignPush,
  { callbacks, post }: CallbackOptions,
  signal: AbortSignal,
): Promise<PushResult> {
  const index = Number(push.event.slice(push.event.lastIndexOf('.') + 1))
  const callback = await callbacks.find(push.applicationId, push.callId, index)
  if (!callback) return { kind: 'failed', reason: 'no such campaign', final: true }
  const { trigger } = callback
  const authorised =
    trigger.auth.kind === 'oauth2' ? await withToken(trigger.auth, post, signal) : authHeaders(trigger.auth)
  if (isResult(authorised)) return authorised
  const own = Object.entries(trigger.headers).map(([name, value]) => [name.toLowerCase(), value])
  const answer = await post(
    {
      url: trigger.url,
      timeoutMs,
      headers: {
        'user-agent': 'Parley',
        ...Object.fromEntries(own),
        'content-type': 'application/json',
        'x-tccc-push-uuid': push.id,
        ...authorised,
      },
      body: callbackBody(push, callback),
      answerBytes: trigger.returns.length > 0 ? answerBytes : 0,
    },
    signal,
  )
  return judge(answer, trigger)
}

async function withToken(
  auth: Extract<CallbackAuth, { readonly kind: 'oauth2' }>,
  post: HttpPost,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | PushResult> {
  const answer = await post({ url: auth.tokenUrl, timeoutMs, ...tokenRequest(auth), answerBytes }, signal)
  if (answer.kind === 'failed') return { kind: 'failed', reason: `token: ${answer.reason}` }
  const token = isSuccess(answer) ? membersOf(answer.text).access_token : undefined
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return { authorization: `Bearer ${token}` }
  return { kind: 'failed', reason: `token: status ${answer.status}` }
}

function judge(answer: HttpAnswer, { returns }: CampaignCallback['trigger']): PushResult {
  if (answer.kind === 'failed') return answer
  if (!isSuccess(answer)) return { kind: 'failed', reason: `status ${answer.status}` }
  const members = returns.length > 0 ? membersOf(answer.text) : {}
  return returns.every((name) => Object.hasOwn(members, name))
    ? { kind: 'delivered' }
    : { kind: 'failed', reason: 'answer without the expected members' }
}

const isResult = (value: Readonly<Record<string, string>> | PushResult): value is PushResult => 'kind' in value

const isSuccess = ({ status }: { readonly status: number }) => status >= 200 && status < 300

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
