import { responseTo, type SipRequest, type SipResponse } from '../message/sip-message.ts'

/** Methods we serve; the others are known but not wanted here. */
const allowedMethods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'PRACK', 'UPDATE', 'INFO', 'NOTIFY'] as const
const refusedMethods = ['REFER', 'REGISTER', 'SUBSCRIBE', 'MESSAGE', 'PUBLISH']
const extensions = ['100rel', 'timer']

/** What Supported says: extensions that the settings of a call switch off are left out. */
export const extensionsWith = (timer: boolean, reliable = true): readonly string[] =>
  extensions.filter((name) => (name === 'timer' ? timer : reliable))

const phrases: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  603: 'Decline',
}

export const phraseOf = (status: number): string => phrases[status] ?? 'Unknown'

/** Lets the peer know what we can: for INVITE, its 2xx, OPTIONS and refusals of methods. */
export function addCapabilities<M extends SipRequest | SipResponse>(message: M, supported = extensionsWith(true)): M {
  message.headers.add('allow', allowedMethods.join(', '))
  if (supported.length > 0) message.headers.add('supported', supported.join(', '))
  return message
}

/** The refusal of a request that no dialog and no method of ours takes. @see RFC 3261 section 8.2.1 */
export function refuseMethod(request: SipRequest): SipResponse {
  const known = refusedMethods.includes(request.method)
  const status = known ? 405 : 501
  return addCapabilities(responseTo(request, status, phraseOf(status)))
}

/** 420 when the request requires what we lack. @see RFC 3261 section 8.2.2.3 */
export function refuseExtensions(request: SipRequest): SipResponse | undefined {
  const unsupported = request.headers.all('require').filter((name) => !extensions.includes(name.toLowerCase()))
  if (unsupported.length === 0) return undefined
  const response = responseTo(request, 420, phraseOf(420))
  response.headers.add('unsupported', unsupported.join(', '))
  return response
}

/** 415 for a body that is no session description. @see RFC 3261 section 8.2.3 */
export function refuseBody(request: SipRequest): SipResponse | undefined {
  const type = request.headers.get('content-type') ?? ''
  if (request.body.length === 0 || /^application\/sdp\s*(;|$)/i.test(type)) return undefined
  const response = responseTo(request, 415, phraseOf(415))
  response.headers.add('accept', 'application/sdp')
  return response
}
