import type { CertificateFacts, ConnectionFacts } from '@parley/sip'
import { type Finding, sayOn } from './finding.ts'

/** What was to be reached. `ownCertificate`: the trunk shows one of its own; `wallMs`: now. */
export interface ConnectionSubject {
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly port: number
  readonly ownCertificate: boolean
  readonly wallMs: number
}

const say = sayOn('connection')
/** Taste. */
const warningDays = 14

type Judgement = readonly [cause: string, text: string, advice: string]

/** What a TCP connection, a TLS handshake or an empty datagram met. */
export function judgeConnection(facts: ConnectionFacts, subject: ConnectionSubject): readonly Finding[] {
  switch (facts.outcome) {
    case 'sent':
      // Silence of a UDP port says nothing; OPTIONS will tell.
      return []
    case 'open': {
      const text = subject.transport === 'tls' ? `TLS is up: ${tlsText(facts)}.` : 'The port is open.'
      return [say('ok', 'open', text), ...endingSoon(facts, subject)]
    }
    case 'failed': {
      const [cause, text, advice] = failure(facts, subject)
      const shown = facts.certificate ? ` ${certificateText(facts.certificate)}` : ''
      return [say('wrong', cause, `${text}${shown}`, advice)]
    }
    default:
      return facts.outcome satisfies never
  }
}

function tlsText({ tlsVersion = '', certificate }: ConnectionFacts): string {
  const version = tlsVersion.replace('TLSv', 'TLS ')
  if (!certificate) return version
  const { subject, issuer, validTo } = certificate
  return `${version}, certificate of ${subject || 'nobody'}, signed by ${issuer}, valid until ${validTo}`
}

/** A certificate that ends within two weeks and may have been forgotten. */
function endingSoon({ certificate }: ConnectionFacts, { wallMs }: ConnectionSubject): Finding[] {
  const days = Math.floor((Date.parse(certificate?.validTo ?? '') - wallMs) / 86_400_000)
  if (!(days < warningDays)) return []
  const text = `The certificate of the gateway ends in ${days} days.`
  const advice = 'Ask the carrier whether it is renewed in time: calls stop when it is not.'
  return [say('note', 'certificate-ends-soon', text, advice)]
}

const certificateText = ({ subject, issuer, names, validFrom, validTo }: CertificateFacts): string =>
  `It is of ${subject || 'nobody'}${names ? ` (${names})` : ''}, signed by ${issuer}, valid from ${validFrom} to ${validTo}.`

function failure(facts: ConnectionFacts, subject: ConnectionSubject): Judgement {
  const { code = '', detail = '' } = facts
  return portFailure(code, facts, subject) ?? certificateFailure(code, facts) ?? tlsFailure(code, detail, subject)
}

function portFailure(code: string, facts: ConnectionFacts, { transport, port }: ConnectionSubject) {
  const isTls = transport === 'tls'
  switch (code) {
    case 'ECONNREFUSED':
      return judged(
        'port-closed',
        `Nobody listens on ${transport === 'udp' ? 'UDP' : 'TCP'} port ${port}: the connection is refused.`,
        'Compare gateways[].port and transport with the sheet of the carrier. Usual are 5060 for udp and tcp, 5061 for tls.',
      )
    case 'TIMEOUT':
    case 'ETIMEDOUT':
      if (isTls && facts.tcpOpened) return notTls('the port opens, but nothing comes back to the TLS greeting')
      return judged(
        'no-connection',
        `No connection to port ${port} within 4 s: what we send is dropped on the way.`,
        'A firewall here or there, or the carrier has not put our address on its list. Ask it for which addresses the port is open.',
      )
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return judged(
        'no-route',
        'There is no route to that address from this machine.',
        'Check the network of this machine, its VPN to the carrier, and whether it has IPv6 when the address is one.',
      )
    case 'ECONNRESET':
      if (!isTls) return undefined
      return judged(
        'tls-closed',
        'The other side closes the connection during the TLS handshake.',
        'Either this port does not speak TLS, or the carrier refuses our address or is not content with our certificate, or with none.',
      )
    default:
      return undefined
  }
}

function certificateFailure(code: string, { expectedName = '' }: ConnectionFacts): Judgement | undefined {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return judged(
        'certificate-expired',
        'The certificate of the gateway has expired.',
        'The carrier has to renew it. Look at the clock of this machine too.',
      )
    case 'CERT_NOT_YET_VALID':
      return judged(
        'certificate-not-yet-valid',
        'The certificate of the gateway is not valid yet.',
        'Look at the clock of this machine; if it is right, the carrier has to mend it.',
      )
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return judged(
        'certificate-wrong-name',
        `The certificate of the gateway is not for ${expectedName}.`,
        'Write the name of the certificate as gateways[].host, or set tls.serverName to it if the carrier says that it is right.',
      )
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return judged(
        'certificate-unknown-ca',
        'The certificate of the gateway is signed by an authority that is not known here.',
        'Ask the carrier for the certificate of its authority and name the file in tls.caFile.',
      )
    default:
      return undefined
  }
}

function tlsFailure(code: string, detail: string, { ownCertificate }: ConnectionSubject): Judgement {
  switch (code) {
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_INVALID_RECORD_TYPE':
      return notTls('what comes back is no TLS')
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
      return judged(
        'tls-too-old',
        'The gateway offers no TLS version from 1.2 on.',
        'The carrier has to switch on TLS 1.2 or 1.3; older versions are broken and not spoken.',
      )
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return certificateWanted
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
      if (!ownCertificate) return certificateWanted
      return refusedCertificate('without saying why')
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
      return refusedCertificate('because it does not know who signed it')
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED':
      return refusedCertificate('because it has expired')
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN':
      return ownCertificate ? refusedCertificate('as bad') : certificateWanted
    case 'ENOENT':
    case 'EACCES':
      return judged(
        'certificate-file',
        `A certificate file of the trunk cannot be read: ${detail}.`,
        'Check tls.caFile, tls.certFile and tls.keyFile, and the rights of the files.',
      )
    default:
      return judged(
        'connection-failed',
        `The connection fails: ${detail || code}.`,
        'Send this line to the carrier; its log tells the other half.',
      )
  }
}

const judged = (cause: string, text: string, advice: string): Judgement => [cause, text, advice]

const notTls = (sign: string): Judgement => [
  'not-tls',
  `This port does not speak TLS: ${sign}.`,
  'Compare gateways[].port with the sheet of the carrier (TLS usually has 5061), or set transport: tcp.',
]

const certificateWanted: Judgement = [
  'client-certificate-required',
  'The gateway wants a certificate of ours.',
  'Name the certificate and key that the carrier knows in tls.certFile and tls.keyFile.',
]

const refusedCertificate = (why: string): Judgement => [
  'client-certificate-refused',
  `The gateway refuses our certificate ${why}.`,
  'Ask the carrier which authority has to sign it, and check tls.certFile and tls.keyFile.',
]
