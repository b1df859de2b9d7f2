import type { Exchange, HeardResponse, SentRequest } from '@parley/sip'

/** A response as a table writes it. */
export const heard = (method: string, status: number, more: Partial<HeardResponse> = {}): HeardResponse => ({
  method,
  status,
  reason: 'Scripted',
  allow: [],
  challenges: [],
  warnings: [],
  ...more,
})

export const sent = (method: string, isAuthorized = false): SentRequest => ({
  method,
  uri: 'sip:+8613012345678@carrier.test',
  from: '<sip:+8675500000001@carrier.test>;tag=1',
  isAuthorized,
})

/** `authorized`: the last request carried credentials. */
export function exchange(method: string, answers: readonly HeardResponse[], authorized = false): Exchange {
  return { sent: authorized ? [sent(method), sent(method, true)] : [sent(method)], heard: answers }
}

export const challenge = (realm = 'pbx', algorithm = 'MD5', scheme = 'Digest') => [{ scheme, realm, algorithm }]
