import type { OpusSettings } from '../codec/opus.ts'

/** Good telephone speech with in-band FEC. Taste. */
const bitrateBps = 24_000
const leastBps = 6000

/** What we say of ourselves: we listen at 8 kHz and make use of FEC. */
export const ourOpusParameters = 'maxplaybackrate=8000;sprop-maxcapturerate=8000;useinbandfec=1'

/**
 * How to encode for a peer with these format parameters. `useinbandfec`, `cbr` and `maxaveragebitrate` are followed;
 * stereo and DTX, which would be permissions, are not made use of.
 * @see RFC 7587 section 6.1
 */
export function opusSettings(parameters: string): OpusSettings {
  const values = new Map<string, string>()
  for (const part of parameters.split(';')) {
    const [name = '', value = ''] = part.split('=')
    values.set(name.trim().toLowerCase(), value.trim())
  }
  const mostBps = Math.floor(Number(values.get('maxaveragebitrate')))
  return {
    bitrateBps: mostBps > 0 ? Math.max(leastBps, Math.min(bitrateBps, mostBps)) : bitrateBps,
    inbandFec: values.get('useinbandfec') === '1',
    constantBitrate: values.get('cbr') === '1',
  }
}
