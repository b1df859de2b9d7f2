import type {
  CallPush,
  CallRecord,
  CallRecords,
  CampaignCallbacks,
  CampaignPush,
  Clock,
  DuePush,
  HttpAnswer,
  HttpPost,
  PushResult,
  PushTransport,
  Secret,
} from '@parley/core'
import { deliverCallback } from '../campaigns/callback-transport.ts'
import { createSignedLinks } from '../files/signed-links.ts'
import { cccPayload } from './ccc-payload.ts'
import { type PushContext, standardPayload, testPayload } from './standard-payload.ts'
import { standardSignature } from './standard-signature.ts'

/** Where pushes of one name go, and how they look. */
export type PushReceiver =
  | {
      readonly format: 'standard'
      readonly name: string
      readonly url: string
      readonly timeoutMs: number
      /** Every one signs, the newest first. */
      readonly secrets: readonly Secret[]
    }
  | {
      readonly format: 'ccc'
      readonly name: string
      readonly url: string
      readonly timeoutMs: number
      readonly auth:
        | { readonly kind: 'none' }
        | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
    }

export interface PushTransportOptions {
  /** The receiver of this name at this moment. */
  readonly receiverOf: (name: string) => PushReceiver | undefined
  readonly records: Pick<CallRecords, 'find' | 'afterCall'>
  /** Undefined: campaigns have none. */
  readonly callbacks?: CampaignCallbacks
  readonly clock: Clock
  readonly post: HttpPost
  /** As that of the API: addresses of recordings are signed with it. */
  readonly urlSigningKey: Uint8Array
  /** Under which the world reaches the API, e.g. `https://calls.example.com`. */
  readonly origin: string
}

/** Room for `{"ErrCode":0,"ErrMsg":""}` and what servers put around it. */
const cccAnswerBytes = 4_096
/** The receiver is gone for good. @see Standard Webhooks, "Deliverability and reliability" */
const goneStatus = 410

/**
 * Writes each push from the call's record at the time of the try, so that addresses in it work for a day from then, signs
 * it and sends it.
 */
export function createPushTransport(options: PushTransportOptions): PushTransport {
  const { receiverOf, records, clock, post, urlSigningKey, callbacks } = options
  const links = createSignedLinks(urlSigningKey)
  const origin = options.origin.replace(/\/+$/, '')
  const reportOf = async ({ event, applicationId, callId }: CallPush) =>
    event === 'call.analysed' ? records.afterCall(applicationId, callId) : undefined
  return {
    async deliver(push, signal) {
      if (isCampaignPush(push)) {
        return callbacks
          ? deliverCallback(push, { callbacks, post }, signal)
          : { kind: 'failed', reason: 'unknown receiver' }
      }
      const receiver = receiverOf(push.webhook)
      if (!receiver) return { kind: 'failed', reason: 'unknown receiver' }
      if (push.event === 'webhook.test') {
        return receiver.format === 'standard'
          ? judgeStandard(await post(signed(receiver, push, testPayload(push), clock.wallMs()), signal))
          : { kind: 'failed', reason: 'no test in this format' }
      }
      const call = await records.find(push.applicationId, push.callId)
      if (!call) return { kind: 'failed', reason: 'no such call', final: true }
      const context = { links, origin, wallMs: clock.wallMs() }
      return receiver.format === 'standard'
        ? judgeStandard(
            await post(
              signed(receiver, push, standardPayload(push, call, context, await reportOf(push)), context.wallMs),
              signal,
            ),
          )
        : judgeCcc(await post(cccRequest(receiver, push, call, context), signal))
    },
  }
}

const isCampaignPush = (push: DuePush): push is CampaignPush => push.event.startsWith('campaign.matched.')

type Receiver<Format> = Extract<PushReceiver, { readonly format: Format }>

function signed({ url, timeoutMs, secrets }: Receiver<'standard'>, push: DuePush, payload: unknown, wallMs: number) {
  const body = JSON.stringify(payload)
  const timestampS = Math.floor(wallMs / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Parley',
    'webhook-id': push.id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': standardSignature(secrets, push.id, timestampS, body),
  }
  return { url, timeoutMs, headers, body, answerBytes: 0 }
}

/** `?action=cdr&version=1`, behind what the configured address may ask itself. */
function cccRequest({ url, timeoutMs, auth }: Receiver<'ccc'>, push: CallPush, call: CallRecord, context: PushContext) {
  const target = new URL(url)
  target.searchParams.set('action', push.event === 'recording.ready' ? 'record' : 'cdr')
  target.searchParams.set('version', '1')
  const credential =
    auth.kind === 'basic' ? Buffer.from(`${auth.username}:${auth.password.reveal()}`).toString('base64') : ''
  const headers = {
    'content-type': 'application/json;charset=utf8',
    'user-agent': 'Parley',
    'x-tccc-push-uuid': push.id,
    ...(credential ? { authorization: `Basic ${credential}` } : {}),
  }
  const body = JSON.stringify(cccPayload(push, call, context))
  return { url: target.href, timeoutMs, headers, body, answerBytes: cccAnswerBytes }
}

function judgeStandard(answer: HttpAnswer): PushResult {
  if (answer.kind === 'failed') return answer
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  return { kind: 'failed', reason: `status ${status}`, status, ...(status === goneStatus ? { final: true } : {}) }
}

/** Whatever is not `{"ErrCode":0}` is tried again. */
function judgeCcc(answer: HttpAnswer): PushResult {
  if (answer.kind === 'failed') return answer
  const { status, text } = answer
  if (status < 200 || status >= 300) return { kind: 'failed', reason: `status ${status}`, status }
  return errorCodeOf(text) === 0
    ? { kind: 'delivered', status }
    : { kind: 'failed', reason: 'answer without ErrCode 0', status }
}

function errorCodeOf(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text)
    return answer !== null && typeof answer === 'object' && 'ErrCode' in answer ? answer.ErrCode : undefined
  } catch {
    return undefined
  }
}
