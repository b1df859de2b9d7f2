import type { SipCallEvent } from '../../sip-stack.ts'
import { retryAfterOf } from '../message/retry-after.ts'
import { q850Of, type SipResponse } from '../message/sip-message.ts'
import { phraseOf } from './capabilities.ts'

/** A final response that refuses a call, as its owner is told. */
export function rejectionOf(response: SipResponse): Extract<SipCallEvent, { readonly type: 'rejected' }> {
  const q850 = q850Of(response)
  const { status } = response
  const retryAfterS = status === 503 ? retryAfterOf(response) : undefined
  const further = { ...(q850 === undefined ? {} : { q850 }), ...(retryAfterS === undefined ? {} : { retryAfterS }) }
  return { type: 'rejected', status, reason: response.reason || phraseOf(status), ...further }
}
