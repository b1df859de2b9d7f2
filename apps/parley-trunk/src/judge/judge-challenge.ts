import type { Exchange, HeardResponse } from '@parley/sip'
import { type Finding, type Step, sayOn } from './finding.ts'
import type { Show } from './shown-text.ts'

/** How the trunk answers challenges. */
export interface AuthSubject {
  readonly kind: 'none' | 'digest' | 'register'
  /** The only realm that is answered. Absent: any. */
  readonly realm?: string
}

const knownAlgorithms = ['md5', 'md5-sess', 'sha-256', 'sha-256-sess']

/** Why a 401 or 407 is the last word. `final`: that response. */
export function judgeChallenge(
  step: Step,
  exchange: Exchange,
  final: HeardResponse,
  auth: AuthSubject,
  show: Show,
): Finding {
  const { status, method, challenges } = final
  const say = sayOn(step)
  const realms = challenges.map(({ realm }) => `"${show(realm)}"`).join(', ')
  if (auth.kind === 'none') {
    return say(
      'wrong',
      'credentials-required',
      `${status} to ${method}: the gateway asks for a password (realm ${realms}), and the trunk has auth.kind none.`,
      'Either the carrier does not have our address on its list, or it gave you a user name and password for auth.kind digest.',
    )
  }
  if (exchange.sent.some((request) => request.method === method && request.isAuthorized)) {
    return say(
      'wrong',
      'wrong-password',
      `${status} to ${method} although it was answered: user name or password is wrong for realm ${realms}.`,
      'Check auth.username and auth.password (no blank or line end at its end). Some PBXs have an auth ID beside the extension: auth.account.',
    )
  }
  if (auth.realm !== undefined && challenges.every(({ realm }) => realm !== auth.realm)) {
    return say(
      'wrong',
      'realm-mismatch',
      `The gateway asks for realm ${realms}, and auth.realm says "${auth.realm}": its question was not answered.`,
      'Set auth.realm to what the gateway says, or leave it out.',
    )
  }
  const offers = challenges.map(({ scheme, algorithm }) => show(`${scheme} ${algorithm}`)).join(', ')
  return say(
    'wrong',
    'algorithm-unknown',
    `${status} to ${method} with no question that can be answered (${offers || 'none at all'}).`,
    'The gateway has to offer Digest with MD5 or SHA-256: tell the carrier.',
  )
}

/** How the gateway asked, when it asked: realm and algorithm. */
export function describeChallenge(exchange: Exchange, show: Show): Finding | undefined {
  const asked = exchange.heard.find(({ challenges }) => challenges.length > 0)
  if (!asked) return undefined
  const texts = asked.challenges.map(({ realm, algorithm }) => `realm "${show(realm)}" with ${show(algorithm)}`)
  const weak = asked.challenges.every(({ algorithm }) => !knownAlgorithms.includes(algorithm.toLowerCase()))
  return {
    step: 'credentials',
    verdict: weak ? 'note' : 'ok',
    cause: 'challenged',
    text: `The gateway asks for ${texts.join(', ')} (${asked.status} to ${asked.method}).`,
  }
}
