import { isIP } from 'node:net'
import type { Exchange, HeardResponse } from '@parley/sip'
import { type Finding, sayOn } from './finding.ts'
import { type AuthSubject, describeChallenge, judgeChallenge } from './judge-challenge.ts'
import type { Show } from './shown-text.ts'

const say = sayOn('options')

export interface OptionsSubject {
  readonly auth: AuthSubject
  /** What the same port took after a silence. */
  readonly openTo?: 'tcp' | 'tls'
  /** Address in our Via. */
  readonly advertised: string
  readonly show: Show
}

const finalOf = (exchange: Exchange) => exchange.heard.findLast(({ status }) => status >= 200)

/** The silence of that address weighs less once another request got through to it: some carriers ignore OPTIONS. */
export function softened(findings: readonly Finding[], address: string): readonly Finding[] {
  const ignored = say(
    'note',
    'options-ignored',
    'OPTIONS gets no answer, other requests do: leave probe out of this trunk.',
  )
  return findings.map((finding) =>
    finding.cause === 'silent' && finding.step === 'options' && finding.address === address
      ? { ...ignored, address }
      : finding,
  )
}

/** What the gateway said to OPTIONS, or that it said nothing. */
export function judgeOptions(exchange: Exchange, subject: OptionsSubject): readonly Finding[] {
  const final = finalOf(exchange)
  if (!final) return [silence(exchange, subject)]
  const challenge = final.status === 401 || final.status === 407
  const verdict = challenge
    ? judgeChallenge('options', exchange, final, subject.auth, subject.show)
    : judgeStatus(exchange, final, subject)
  return [verdict, ...credentialsFindings(exchange, final, subject), ...addressFindings(final, subject)]
}

function silence(exchange: Exchange, { advertised, openTo }: OptionsSubject): Finding {
  if (openTo === 'tls') {
    return say(
      'wrong',
      'tls-expected',
      'No answer to OPTIONS: this port speaks TLS.',
      'Set transport: tls, or compare gateways[].port with the sheet of the carrier (plain TCP usually has 5060).',
    )
  }
  if (exchange.failure !== undefined) {
    return say(
      'wrong',
      'send-failed',
      `OPTIONS could not be sent: ${exchange.failure}.`,
      'The connection was lost after it was up: a gateway that closes it does not know our address.',
    )
  }
  const other =
    openTo === 'tcp' ? ' TCP connections to the same port are taken: transport: tcp may be what the carrier wants.' : ''
  return say(
    'wrong',
    'silent',
    'No answer to OPTIONS within 5 s.',
    `A firewall drops it, nobody is there, or the carrier has not put our address on its list and ignores strangers. Ask which address it has; we call ourselves ${advertised}, and behind NAT it sees the public address of the router.${other}`,
  )
}

function judgeStatus(exchange: Exchange, final: HeardResponse, { advertised, show }: OptionsSubject): Finding {
  const { status, software, allow, retryAfterS, seenFrom = advertised } = final
  const said = `${status} ${show(final.reason)}`.trim()
  const who = software ? ` (${show(software)})` : ''
  if (status < 300) {
    if (allow.length > 0 && !allow.includes('INVITE')) {
      return say('note', 'no-invite', `${said}${who}, but calls are not in its Allow: ${show(allow.join(', '))}.`)
    }
    const methods = allow.length > 0 ? `, takes ${show(allow.join(', '))}` : ''
    return say('ok', 'answered', `${said}${who}${methods}.`)
  }
  switch (status) {
    case 403:
      if (exchange.sent.some(({ isAuthorized }) => isAuthorized)) {
        return say(
          'wrong',
          'wrong-password',
          `${said} after our credentials were shown${who}.`,
          'User name or password is wrong, or the account is blocked. Check auth.username and auth.password, then ask the carrier.',
        )
      }
      return say(
        'wrong',
        'not-allowed',
        `${said}${who}: the gateway knows who sent this, and does not want it. It sees us as ${show(seenFrom)}.`,
        'Ask the carrier to put that address on the list of this trunk, and check that the account is not blocked.',
      )
    case 404:
      return say(
        'note',
        'no-such-domain',
        `${said}${who}: the gateway is there, and does not know the domain or user that OPTIONS names.`,
        'Usually harmless. If calls get 404 too, set requestDomain to the domain of your trunk at the carrier.',
      )
    case 405:
    case 501:
      return say('note', 'options-not-supported', `${said}${who}: the gateway is there; it takes no OPTIONS.`)
    case 483:
      return say('note', 'answered', `${said}${who}: the gateway is there; what is behind it did not answer.`)
    case 408:
    case 480:
    case 500:
    case 502:
    case 503:
    case 504: {
      const again = retryAfterS === undefined ? '' : ` It asks to come back in ${retryAfterS} s.`
      return say(
        'wrong',
        status === 503 ? 'overloaded' : 'gateway-fault',
        `${said}${who}: the gateway is there, and out of order or overloaded.${again}`,
        'Some carriers answer so to addresses they do not know. Ask for the state of the gateway; name a second one in gateways.',
      )
    }
    default:
      return say('note', 'answered', `${said}${who}: the gateway is there.`)
  }
}

/** What is known about the password before any call; of a trunk that registers, REGISTER tells it. */
function credentialsFindings(exchange: Exchange, final: HeardResponse, { auth, show }: OptionsSubject): Finding[] {
  if (auth.kind !== 'digest') return []
  const challenge = describeChallenge(exchange, show)
  if (challenge) return [challenge]
  if (final.status >= 300) return []
  const text = 'OPTIONS was answered without a password, so whether it is right shows only in a call (--call NUMBER).'
  return [sayOn('credentials')('note', 'not-challenged', text)]
}

/** Whether we tell the gateway another address than it sees. */
function addressFindings({ seenFrom }: HeardResponse, { advertised, show }: OptionsSubject): Finding[] {
  const host = seenFrom?.replace(/:\d+$/, '')
  // A name may well be that address.
  if (!seenFrom || host === advertised || isIP(advertised) === 0) return []
  const text = `The gateway sees us as ${show(seenFrom)}; we call ourselves ${advertised}.`
  const advice =
    'If calls have no sound or calls from the carrier do not come, set PARLEY_PUBLIC_HOST, or advertised.host and advertised.mediaHost of the trunk.'
  return [say('note', 'other-address', text, advice)]
}
