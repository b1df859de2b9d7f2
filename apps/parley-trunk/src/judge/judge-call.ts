import type { Exchange, HeardResponse } from '@parley/sip'
import { type AudioSection, audioSectionOf, audioText } from './audio-section.ts'
import { type Finding, sayOn } from './finding.ts'
import { type AuthSubject, describeChallenge, judgeChallenge } from './judge-challenge.ts'
import type { Show } from './shown-text.ts'

export interface CallSubject {
  readonly auth: AuthSubject
  /** The audio section of our offer. */
  readonly offered: AudioSection
  readonly show: Show
}

const say = sayOn('call')
const sayOfCodecs = sayOn('codecs')

/** What became of the test call, which was ended at the first sign of a ringing phone. */
export function judgeCall(exchange: Exchange, subject: CallSubject): readonly Finding[] {
  const { auth, show } = subject
  const answers = exchange.heard.filter(({ method }) => method === 'INVITE')
  const rang = answers.find(({ status }) => status > 100 && status < 300)
  const final = answers.findLast(({ status }) => status >= 300)
  const challenge = auth.kind === 'digest' ? describeChallenge({ ...exchange, heard: answers }, show) : undefined
  const before = challenge ? [challenge] : []
  if (rang) return [...before, through(rang, show), ...judgeMedia(answers, subject)]
  if (!final) return [...before, noAnswer(answers)]
  if (final.status === 401 || final.status === 407) return [judgeChallenge('call', exchange, final, auth, show)]
  return [...before, judgeRefusal(exchange, final, subject)]
}

function through({ status, reason }: HeardResponse, show: Show): Finding {
  const said = `${status} ${show(reason)}`.trim()
  const how = status >= 200 ? 'The call was answered at once, and hung up' : 'The call went through, and was cancelled'
  return say('ok', 'call-through', `${how}: ${said}.`)
}

function noAnswer(answers: readonly HeardResponse[]): Finding {
  if (answers.length > 0) {
    const text = 'The gateway took the call (100), and nothing rang within 20 s; the call was cancelled.'
    return say(
      'wrong',
      'no-ringing',
      text,
      'The carrier cannot reach the number, or looks for a route too long. Try another number.',
    )
  }
  return say(
    'wrong',
    'call-silent',
    'No answer to INVITE within 8 s.',
    'If OPTIONS is answered: INVITE is larger, and a router that drops fragments loses it (fewer media.codecs, largeMessages: tcp, or transport tcp), or the gateway ignores calls from our address.',
  )
}

/** What the answers say about voice: with a 183, or the answer. */
function judgeMedia(answers: readonly HeardResponse[], { offered, show }: CallSubject): readonly Finding[] {
  const described = answers.find(({ status, sdp }) => status > 100 && status < 300 && sdp !== undefined)
  if (!described) {
    const text = 'It rang without a session description, so which codec is taken shows only when somebody answers.'
    return [sayOfCodecs('note', 'codec-unseen', text)]
  }
  const audio = audioSectionOf(described.sdp ?? '')
  const early: Finding[] =
    described.status < 200
      ? [
          say(
            'note',
            'early-media',
            `The carrier sends sound before the answer (${described.status} with a session description).`,
          ),
        ]
      : []
  return [...early, judgeAnswer(audio, offered, show)]
}

function judgeAnswer(audio: AudioSection | undefined, offered: AudioSection, show: Show): Finding {
  if (!audio || audio.port === 0) {
    const text = 'The session description that came back refuses audio.'
    return sayOfCodecs(
      'wrong',
      'codecs-refused',
      text,
      `Change media.codecs or media.srtp; offered was ${audioText(offered)}.`,
    )
  }
  if (audio.isSecure !== offered.isSecure) {
    const [theirs, ours] = audio.isSecure ? ['encrypted', 'plain'] : ['plain', 'encrypted']
    const text = `The other side answers ${theirs} audio to our ${ours} offer: such a call ends at once.`
    return sayOfCodecs('wrong', audio.isSecure ? 'srtp-required' : 'srtp-refused', text, srtpAdvice(audio.isSecure))
  }
  const isOurs = (codec: string) => offered.codecs.some((own) => own.toLowerCase() === codec.toLowerCase())
  const chosen = audio.codecs.find(isOurs)
  if (chosen === undefined) {
    const text = `The other side chose ${show(audio.codecs.join(', ')) || 'nothing'}, and offered was ${audioText(offered)}.`
    return sayOfCodecs('wrong', 'codecs-refused', text, 'Change media.codecs to what the sheet of the carrier says.')
  }
  return sayOfCodecs(
    'ok',
    'codec',
    `Voice would be ${show(chosen)}, ${audio.isSecure ? 'encrypted (SRTP)' : 'not encrypted'}.`,
  )
}

const srtpAdvice = (isWanted: boolean): string =>
  isWanted
    ? 'Set media.srtp: required, with transport: tls (its keys stand in SIP).'
    : 'Have SRTP switched on for the trunk at the carrier, or set media.srtp: off.'

function judgeRefusal(exchange: Exchange, final: HeardResponse, subject: CallSubject): Finding {
  const { offered, show } = subject
  const { status, retryAfterS } = final
  const warning = final.warnings.length > 0 ? `; it says: ${show(final.warnings.join('; '))}` : ''
  const said = `${status} ${show(final.reason)}`.trim() + warning
  switch (status) {
    case 415:
    case 488:
    case 606:
      return refusedMedia(final, said, offered)
    case 402:
      return say('wrong', 'no-credit', `${said}.`, 'The account at the carrier has no credit, or is blocked.')
    case 403:
      return say(
        'wrong',
        'number-not-allowed',
        `${said}: the carrier does not let this call through. ${asSent(exchange, show)}`,
        'Is the caller one of your verified numbers, in the format the carrier wants (rewrite.from, identity)? Is the destination open for your account, and our address on its list?',
      )
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return say(
        'wrong',
        'number-format',
        `${said}: the carrier knows no such number. ${asSent(exchange, show)}`,
        'If the number exists, its form is wrong: compare with the sheet of the carrier and set rewrite.called or prefix.',
      )
    case 480:
    case 486:
    case 600:
    case 603:
      return say('note', 'callee-unavailable', `${said}: the call got through, and the phone does not take it.`)
    case 408:
    case 500:
    case 502:
    case 503:
    case 504: {
      const again = retryAfterS === undefined ? '' : ` It asks to come back in ${retryAfterS} s.`
      return say(
        'wrong',
        'gateway-fault',
        `${said}: the gateway is overloaded or has no way to the number.${again} ${asSent(exchange, show)}`,
        'Try another number. If all fail, the carrier has no route for this trunk, or the call came over a limit.',
      )
    }
    default:
      return say('wrong', 'call-refused', `${said}. ${asSent(exchange, show)}`, 'Tell the carrier this answer.')
  }
}

/** 488 and its like. Warning 302 speaks of the profile of the section: encrypted or not. @see RFC 3261 section 20.43 */
function refusedMedia(final: HeardResponse, said: string, offered: AudioSection): Finding {
  const words = [final.reason, ...final.warnings].join(' ')
  const wants = final.sdp === undefined ? undefined : audioSectionOf(final.sdp)
  const clue = /srtp|savp|encrypt|secure|crypto/i.test(words) || final.warnings.some((text) => /^\s*302\b/.test(text))
  const what = `${said}: what we offered is refused (${audioText(offered)})`
  const able = wants ? ` It can do ${audioText(wants)}.` : ''
  if (offered.isSecure) {
    const sure = clue || wants?.isSecure === false
    return say('wrong', sure ? 'srtp-refused' : 'codecs-refused', `${what}.${able}`, srtpAdvice(false))
  }
  if (clue || wants?.isSecure)
    return say('wrong', 'srtp-required', `${what}; it wants encrypted audio (SRTP).${able}`, srtpAdvice(true))
  const advice =
    'Set media.codecs to those of the sheet of the carrier. If they are right, it may want SRTP (media.srtp).'
  return say('wrong', 'codecs-refused', `${what}.${able}`, advice)
}

/** The numbers of the INVITE, as they went out. */
function asSent({ sent }: Exchange, show: Show): string {
  const invite = sent.find(({ method }) => method === 'INVITE')
  if (!invite) return ''
  return `Sent: called ${show(invite.uri)}, From ${show(invite.from.replace(/;tag=.*/, ''))}.`
}
