import type { CodecName } from '@parley/core'
import type { Codec } from './codec.ts'
import { newG711 } from './g711.ts'
import { newG722 } from './g722-codec.ts'
import { newOpus, type OpusSettings } from './opus.ts'

/** A codec for one leg, in its initial state. `opus` is looked at for that codec only. */
export async function openCodec(name: CodecName, opus: OpusSettings): Promise<Codec> {
  switch (name) {
    case 'PCMA':
    case 'PCMU':
      return newG711(name)
    case 'G722':
      return newG722()
    case 'opus':
      return newOpus(opus)
    default:
      return name satisfies never
  }
}
