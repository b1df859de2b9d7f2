import { digestResponse } from '../../src/embedded/auth/digest.ts'
import { noBody, type SipResponse } from '../../src/embedded/message/sip-message.ts'
import type { ScriptedPeer } from './scripted-peer.ts'
import type { TrunkHouse } from './trunk-house.ts'

export const phoneDomain = '1400000001.parley.internal'
export const account = { user: '1001', domain: phoneDomain, password: 'secret', trunk: 'extensions/1400000001' }

export interface RegisterFields {
  readonly user?: string
  readonly domain?: string
  readonly password?: string
  readonly algorithm?: 'MD5' | 'SHA-256'
  readonly expires?: string
  readonly contact?: string | null
  readonly cseq?: number
}

/** A telephone at an address that is no trunk's. */
export class ScriptedPhone {
  readonly peer: ScriptedPeer
  private readonly house: TrunkHouse
  private sent = 0

  constructor(house: TrunkHouse, host = 'phone.test') {
    this.house = house
    this.peer = house.peer(host)
  }

  /** One REGISTER as it is, without credentials unless `more` has them; the answer, or undefined. */
  async register(fields: RegisterFields = {}, more: readonly string[] = []): Promise<SipResponse | undefined> {
    const { user = account.user, domain = account.domain, expires, contact } = fields
    this.sent += 1
    const before = this.peer.received.length
    this.peer.sendLines(
      `REGISTER sip:${domain} SIP/2.0`,
      `Via: SIP/2.0/UDP 192.168.1.7:5060;branch=z9hG4bK-reg-${this.sent};rport`,
      `From: <sip:${user}@${domain}>;tag=reg`,
      `To: <sip:${user}@${domain}>`,
      'Call-ID: registration',
      `CSeq: ${fields.cseq ?? this.sent} REGISTER`,
      ...(contact === null ? [] : [`Contact: ${contact ?? `<sip:${user}-x1@192.168.1.7:5060>`}`]),
      ...(expires === undefined ? [] : [`Expires: ${expires}`]),
      ...more,
    )
    await this.house.clock.advance(30)
    const answer = this.peer.received.slice(before).findLast((message) => message.kind === 'response')
    return answer?.kind === 'response' ? answer : undefined
  }

  /** REGISTER, and again with what its challenge asks for. */
  async prove(fields: RegisterFields = {}): Promise<SipResponse | undefined> {
    const challenge = await this.register(fields)
    return challenge && this.register(fields, [credentialsFor(challenge, 'REGISTER', fields)])
  }
}

/** The Authorization header that answers a challenge. */
export function credentialsFor(challenge: SipResponse, method: string, fields: RegisterFields = {}): string {
  const { user = account.user, domain = account.domain, password = account.password, algorithm = 'SHA-256' } = fields
  const value = challenge.headers.all('www-authenticate').find((line) => line.includes(`algorithm=${algorithm}`)) ?? ''
  const nonce = /nonce="([^"]*)"/.exec(value)?.[1] ?? ''
  const realm = /realm="([^"]*)"/.exec(value)?.[1] ?? ''
  const uri = `sip:${domain}`
  const input = { username: user, password, method, uri, body: noBody, cnonce: 'c', nonceCount: 1 }
  const response = digestResponse({ algorithm, realm, nonce, qop: 'auth' }, input)
  return `Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="c", response="${response}"`
}
