import { type Logger, VoiceError } from '@parley/core'
import type { TrunkConfig } from '../trunk-config.ts'

/** What a drachtio-server decides by its own configuration. */
const servers = ['advertised', 'keepaliveS', 'largeMessages', 'probe'] as const satisfies readonly (keyof TrunkConfig)[]

/**
 * Tells which settings of trunks a drachtio-server does not let us keep. Those that are without effect are logged; one
 * that would let strangers in is refused, as the certificate of a caller is never shown to us.
 * @throws VoiceError CONFIG_INVALID
 */
export function checkTrunks(trunks: readonly TrunkConfig[], logger: Logger): void {
  for (const trunk of trunks) {
    if (trunk.tls?.clientCertificate === 'required') {
      const detail = `trunk ${trunk.name}: tls.clientCertificate cannot be checked with PARLEY_SIP_STACK=drachtio`
      throw new VoiceError('CONFIG_INVALID', { detail })
    }
    const ignored = servers.filter((key) => trunk[key] !== undefined)
    if (ignored.length > 0) {
      logger.warn('settings without effect: the drachtio-server decides', { trunk: trunk.name, settings: ignored })
    }
  }
}
