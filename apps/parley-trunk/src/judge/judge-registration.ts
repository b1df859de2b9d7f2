import type { Exchange, HeardResponse } from '@parley/sip'
import { type Finding, sayOn } from './finding.ts'
import { type AuthSubject, describeChallenge, judgeChallenge } from './judge-challenge.ts'
import type { Show } from './shown-text.ts'

const say = sayOn('registration')

export interface RegistrationSubject {
  readonly auth: AuthSubject
  /** Seconds the trunk asks for. */
  readonly expiresS: number
  /** What is registered: `extension@pbx.example`. */
  readonly address: string
  readonly show: Show
}

/** A binding that ends sooner keeps NAT and registrar busy. Taste. */
const shortS = 60

/** What the registrar said; the binding was removed afterwards. */
export function judgeRegistration(exchange: Exchange, subject: RegistrationSubject): readonly Finding[] {
  const { auth, show } = subject
  const answers = exchange.heard.filter(({ method, status }) => method === 'REGISTER' && status >= 200)
  const granted = answers.findIndex(({ status }) => status < 300)
  const findings = granted < 0 ? [refused(exchange, answers.at(-1), subject)] : accepted(answers, granted, subject)
  const challenge = describeChallenge(exchange, show)
  return auth.kind === 'register' && challenge ? [challenge, ...findings] : findings
}

function accepted(answers: readonly HeardResponse[], granted: number, subject: RegistrationSubject): Finding[] {
  const { expiresS = subject.expiresS } = answers[granted] ?? {}
  const wants = answers.find(({ status }) => status === 423)
  const address = subject.show(subject.address)
  const removal = answers.slice(granted + 1).find(({ status }) => status !== 401 && status !== 407)
  const removed = removal !== undefined && removal.status < 300 ? ', and removed again' : ''
  const findings = [say('ok', 'registered', `${address} was registered for ${expiresS} s${removed}.`)]
  if (wants) {
    const minimum = wants.minExpiresS ?? 3_600
    findings.push(
      say(
        'note',
        'interval-too-brief',
        `The registrar refuses ${subject.expiresS} s and wants ${minimum} s at least; that was asked for then.`,
        `Set auth.expiresS to ${minimum}: it saves a message each time.`,
      ),
    )
  } else if (expiresS < shortS) {
    const text = `${expiresS} s is short: it is renewed every ${Math.round(expiresS / 2)} s.`
    findings.push(say('note', 'short-registration', text))
  }
  if (removal && removal.status >= 300) {
    const text = `The registrar refuses to remove the registration (${removal.status}); it ends by itself.`
    findings.push(say('note', 'not-removed', text))
  }
  return findings
}

function refused(exchange: Exchange, final: HeardResponse | undefined, subject: RegistrationSubject): Finding {
  const { auth, show, expiresS } = subject
  if (!final) {
    const why = exchange.failure === undefined ? '' : ` (${exchange.failure})`
    return say(
      'wrong',
      'silent',
      `No answer to REGISTER${why}.`,
      'The gateway takes no registrations, or not from our address. Ask the carrier which host is its registrar.',
    )
  }
  const said = `${final.status} ${show(final.reason)}`.trim()
  const address = show(subject.address)
  switch (final.status) {
    case 401:
    case 407:
      return judgeChallenge('registration', exchange, final, auth, show)
    case 403:
      if (!exchange.sent.some(({ isAuthorized }) => isAuthorized)) {
        return say(
          'wrong',
          'not-allowed',
          `${said} to REGISTER, without asking for a password: the registrar does not want us.`,
          'Ask the carrier whether this address may register, and whether the trunk is one that registers at all.',
        )
      }
      return say(
        'wrong',
        'wrong-password',
        `${said} to REGISTER with our credentials: the password is wrong, or they are not those of ${address}.`,
        'Check auth.username, auth.password and auth.account. After several wrong tries a registrar may block us for a while.',
      )
    case 404:
    case 410:
    case 604:
      return say(
        'wrong',
        'unknown-account',
        `${said} to REGISTER: the registrar does not know ${address}.`,
        'Check auth.account (the extension; default: auth.username) and fromDomain (the domain; default: the gateway).',
      )
    case 423:
      return say(
        'wrong',
        'interval-too-brief',
        `${said} to REGISTER: ${expiresS} s is too short, it wants ${final.minExpiresS ?? 'more'} s at least.`,
        `Set auth.expiresS to ${final.minExpiresS ?? 3_600}.`,
      )
    case 405:
    case 501:
      return say(
        'wrong',
        'no-registrar',
        `${said} to REGISTER: the gateway takes no registrations.`,
        'Use auth.kind digest if the carrier calls a fixed address, or ask which host is its registrar.',
      )
    default:
      return say(
        'wrong',
        'registration-refused',
        `${said} to REGISTER${final.warnings.length > 0 ? ` (${show(final.warnings.join('; '))})` : ''}.`,
        'Tell the carrier this answer.',
      )
  }
}
