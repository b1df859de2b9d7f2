import type { FetchFile, SoundDecoder, SoundLibrary } from '@parley/core'

/** What files are played with. */
export interface SoundServices {
  readonly library: SoundLibrary
  readonly decoder: SoundDecoder
  /** Reads what requests point to; guarded as webhooks are. */
  readonly fetchFile: FetchFile
}
