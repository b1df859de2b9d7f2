import type { SipResponse } from '../message/sip-message.ts'

/** The `expires` parameter of the contact, else the header: how long a registrar keeps a binding, in seconds. */
export function grantedSeconds(response: SipResponse): number | undefined {
  const contact = response.headers.all('contact').find((value) => /;\s*expires\s*=/i.test(value))
  const text = contact ? /;\s*expires\s*=\s*(\d{1,9})/i.exec(contact)?.[1] : response.headers.get('expires')
  const seconds = Number(text)
  return text !== undefined && Number.isInteger(seconds) && seconds > 0 ? seconds : undefined
}
