import { z } from 'zod'
import { sdkAppIds } from '../tenant-settings.ts'
import { authSettings } from './auth-settings.ts'
import { dialogSettings } from './dialog-settings.ts'
import { gatewaySettings } from './gateway-settings.ts'
import { identitySettings } from './identity-settings.ts'
import { inboundSettings } from './inbound-settings.ts'
import { mediaSettings } from './media-settings.ts'
import { numberSettings } from './number-settings.ts'
import type { SecretSources } from './secret-source.ts'

/** One entry of `trunks` in `parley.yaml`; `docs/trunks.md` has every key. `sources`: where named secrets are found. */
export function trunkSettings(sources: SecretSources) {
  return z
    .strictObject({
      name: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1-64 letters, digits, dots, dashes or underscores'),
      sdkAppIds,
      ...authSettings(sources),
      ...gatewaySettings,
      ...numberSettings,
      ...identitySettings,
      ...dialogSettings,
      ...mediaSettings,
      ...inboundSettings,
    })
    .superRefine((trunk, context) => {
      const report = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
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
      const numbers = trunk.numbers.map(({ number }) => number)
      const twice = numbers.find((number, index) => numbers.indexOf(number) !== index)
      if (twice !== undefined) report(['numbers'], `${twice} is given twice`)
    })
}
