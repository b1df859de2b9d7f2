import type { CodecName } from '@parley/core'
import type { Codec } from './codec.ts'
import { newG711 } from './g711.ts'
import { newG722 } from './g722-codec.ts'

/** A codec for one leg, in its initial state. */
export function openCodec(name: CodecName): Codec {
  switch (name) {
    case 'PCMA':
    case 'PCMU':
      return newG711(name)
    case 'G722':
      return newG722()
    default:
      return name satisfies never
  }
}
