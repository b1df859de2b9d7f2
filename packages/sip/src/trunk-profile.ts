/** Files are PEM. Client files are read again for each new connection, so that renewed certificates need no restart. */
export interface TrunkTls {
  /** Name the gateway's certificate must be for, sent as SNI too. Default: the gateway's `host` as configured. */
  readonly serverName?: string
  /** Who may sign the gateway's certificate. Default: the CAs that Node.js trusts. */
  readonly caFile?: string
  /** Our certificate, for gateways that ask for one. Given together with `keyFile`. */
  readonly certFile?: string
  readonly keyFile?: string
  /** False: any certificate will do, of anybody. Default true. */
  readonly verify?: boolean
  /** `required`: this trunk calls in over TLS alone, by a certificate that `caFile` (else the listener's CAs) signed. */
  readonly clientCertificate?: 'required'
  /** Name that certificate must be for. Default: any. */
  readonly clientName?: string
}

/** What the connections and addresses of one trunk have to themselves. */
export interface TrunkProfile {
  /** Name of the trunk. TLS connections of two trunks are never shared. */
  readonly name: string
  readonly tls?: TrunkTls
  /** Idle time after which a sign of life is sent. Default: none is. @see RFC 5626 section 4.4.1 */
  readonly keepaliveS?: number
  /** How requests above 1,300 bytes travel to UDP gateways. `tcp` falls back to UDP when refused. Default `udp`. */
  readonly largeMessages?: 'tcp' | 'udp'
  /** Where the carrier reaches us, in Via and Contact. Default: the gateway's own address and port. */
  readonly advertised?: { readonly host?: string; readonly port?: number }
}

/** The profile alone, without credentials and numbers. */
export function profileOf(trunk: TrunkProfile): TrunkProfile {
  const { name, tls, keepaliveS, largeMessages, advertised } = trunk
  return {
    name,
    ...(tls && { tls }),
    ...(keepaliveS !== undefined && { keepaliveS }),
    ...(largeMessages && { largeMessages }),
    ...(advertised && { advertised }),
  }
}
