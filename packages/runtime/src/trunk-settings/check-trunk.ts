/** What `checkTrunk` looks at. */
interface TrunkToCheck {
  readonly gateways: readonly { readonly transport?: string | undefined }[]
  readonly tls?: object | undefined
  readonly outboundProxy?: string | undefined
  readonly media?: { readonly srtp?: string; readonly srtpOverClearSip?: boolean } | undefined
  readonly identity?: { readonly fromUser?: unknown } | undefined
  readonly auth: { readonly kind: string }
  readonly rewrite?: { readonly called?: { readonly format?: string } } | undefined
  readonly calleeFormat?: string | undefined
}

/** What no key of a trunk can tell by itself. */
export function checkTrunk(trunk: TrunkToCheck, report: (path: readonly string[], message: string) => void): void {
  const { media, gateways, tls, identity, auth, rewrite, calleeFormat, outboundProxy } = trunk
  // Without a transport a gateway is reached by TLS when there are settings for it.
  const usesTls = (transport: string | undefined) => (transport ?? (tls ? 'tls' : 'udp')) === 'tls'
  const clear = outboundProxy
    ? !/^sips:|;transport=tls/.test(outboundProxy)
    : gateways.some(({ transport }) => !usesTls(transport))
  if (media?.srtp && media.srtp !== 'off' && clear && !media.srtpOverClearSip) {
    report(
      ['media', 'srtp'],
      'its keys would be readable in SIP without TLS: use transport tls, or set media.srtpOverClearSip: true',
    )
  }
  if (tls && outboundProxy === undefined && !gateways.some(({ transport }) => usesTls(transport))) {
    report(['tls'], 'no gateway has transport tls')
  }
  if (identity?.fromUser === 'account' && auth.kind === 'none') {
    report(['identity', 'fromUser'], 'account needs auth with a username')
  }
  if (rewrite?.called?.format && calleeFormat) {
    report(['calleeFormat'], 'says the same as rewrite.called.format: give one of them')
  }
}
