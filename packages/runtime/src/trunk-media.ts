import type { CodecName, TrunkMedia } from '@parley/core'
import type { ConfigFile } from './config-file.ts'

type Trunk = Pick<ConfigFile['trunks'][number], 'media' | 'advertised'>

/** Both forms of G.711, with that of Europe and China first. */
const defaultCodecs: readonly CodecName[] = ['PCMA', 'PCMU']

/** How audio is spoken on a trunk of the configuration, or on none (undefined). */
export function mediaOf(trunk: Trunk | undefined): TrunkMedia {
  const { codecs = defaultCodecs, srtpOverClearSip: _, ...media } = trunk?.media ?? {}
  const advertisedHost = trunk?.advertised?.mediaHost
  return { codecs, ...media, ...(advertisedHost === undefined ? {} : { advertisedHost }) }
}
