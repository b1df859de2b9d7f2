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
import { type PushContext, standardPayload } from './standard-payload.ts'
import { standardSignature } from './standard-signature.ts'

/** Where pushes of one name go, and how they look. */
export type PushReceiver =
  | {
      readonly format: 'standard'
      readonly name: string
      readonly url: string
      readonly timeoutMs: number
      readonly secret: Secret
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
  readonly receivers: readonly PushReceiver[]
  readonly records: Pick<CallRecords, 'find'>
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
  const { receivers, records, clock, post, urlSigningKey, callbacks } = options
  const links = createSignedLinks(urlSigningKey)
  const origin = options.origin.replace(/\/+$/, '')
  return {
    async deliver(push, signal) {
      if (isCampaignPush(push)) {
        return callbacks
          ? deliverCallback(push, { callbacks, post }, signal)
          : { kind: 'failed', reason: 'unknown receiver' }
      }
      const receiver = receivers.find(({ name }) => name === push.webhook)
      if (!receiver) return { kind: 'failed', reason: 'unknown receiver' }
      const call = await records.find(push.applicationId, push.callId)
      if (!call) return { kind: 'failed', reason: 'no such call', final: true }
      const context = { links, origin, wallMs: clock.wallMs() }
      return receiver.format === 'standard'
        ? judgeStandard(await post(standardRequest(receiver, push, call, context), signal))
        : judgeCcc(await post(cccRequest(receiver, push, call, context), signal))
    },
  }
}

const isCampaignPush = (push: DuePush): push is CampaignPush => push.event.startsWith('campaign.matched.')

type Receiver<Format> = Extract<PushReceiver, { readonly format: Format }>

function standardRequest(
  { url, timeoutMs, secret }: Receiver<'standard'>,
  push: CallPush,
  call: CallRecord,
  context: PushContext,
) {
  const body = JSON.stringify(standardPayload(push, call, context))
  const timestampS = Math.floor(context.wallMs / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Parley',
    'webhook-id': push.id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': standardSignature(secret, push.id, timestampS, body),
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
  if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered' }
  return { kind: 'failed', reason: `status ${answer.status}`, ...(answer.status === goneStatus ? { final: true } : {}) }
}

/** Whatever is not `{"ErrCode":0}` is tried again. */
function judgeCcc(answer: HttpAnswer): PushResult {
  if (answer.kind === 'failed') return answer
  if (answer.status < 200 || answer.status >= 300) return { kind: 'failed', reason: `status ${answer.status}` }
  return errorCodeOf(answer.text) === 0 ? { kind: 'delivered' } : { kind: 'failed', reason: 'answer without ErrCode 0' }
}

function errorCodeOf(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text)
    return answer !== null && typeof answer === 'object' && 'ErrCode' in answer ? answer.ErrCode : undefined
  } catch {
    return undefined
  }
}
