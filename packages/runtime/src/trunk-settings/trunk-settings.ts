import { z } from 'zod'
import { sdkAppIds } from '../tenant-settings.ts'
import { authSettings } from './auth-settings.ts'
import { checkTrunk } from './check-trunk.ts'
import { dialogSettings } from './dialog-settings.ts'
import { gatewaySettings } from './gateway-settings.ts'
import { identitySettings } from './identity-settings.ts'
import { inboundSettings } from './inbound-settings.ts'
import { mediaSettings } from './media-settings.ts'
import { numberSettings } from './number-settings.ts'
import type { SecretSources } from './secret-source.ts'

const { numbers, ...formats } = numberSettings

/** What a trunk is, but for its name, its numbers and whose it is. */
const connection = (sources: SecretSources) => ({
  ...authSettings(sources),
  ...gatewaySettings,
  ...formats,
  ...identitySettings,
  ...dialogSettings,
  ...mediaSettings,
  ...inboundSettings,
})

const trunkName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1-64 letters, digits, dots, dashes or underscores')

/** One entry of `trunks` in `parley.yaml`; `docs/trunks.md` has every key. `sources`: where named secrets are found. */
export function trunkSettings(sources: SecretSources) {
  return z
    .strictObject({ name: trunkName, sdkAppIds, numbers, ...connection(sources) })
    .superRefine((trunk, context) => {
      checkTrunk(trunk, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }))
      const own = trunk.numbers.map(({ number }) => number)
      const twice = own.find((number, index) => own.indexOf(number) !== index)
      if (twice !== undefined)
        context.addIssue({ code: 'custom', path: ['numbers'], message: `${twice} is given twice` })
    })
}

/** The same of a trunk whose name, numbers and owner are told elsewhere. */
export function connectionSettings(sources: SecretSources) {
  return z
    .strictObject(connection(sources))
    .superRefine((trunk, context) =>
      checkTrunk(trunk, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
    )
}

export type ConnectionSettings = z.output<ReturnType<typeof connectionSettings>>
