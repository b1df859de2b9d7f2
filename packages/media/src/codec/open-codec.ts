import type { CodecName } from '@parley/core'
import type { Codec } from './codec.ts'
import { newG711 } from './g711.ts'

/** A codec for one leg, in its initial state. */
export function openCodec(name: CodecName): Codec {
  switch (name) {
    case 'PCMA':
    case 'PCMU':
      return newG711(name)
    default:
      return name satisfies never
  }
}
