import type { SipResponse } from './sip-message.ts'

/** Seconds after which the peer wants to be asked again; comment and parameters are ignored. @see RFC 3261 section 20.33 */
export function retryAfterOf(response: SipResponse): number | undefined {
  const text = /^\s*(\d{1,9})\s*(?:[(;]|$)/.exec(response.headers.get('retry-after') ?? '')?.[1]
  return text === undefined ? undefined : Number(text)
}
