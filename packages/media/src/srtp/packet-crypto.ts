import { AesCounter } from './aes-counter.ts'
import { deriveSessionKeys, type SessionKeys } from './key-derivation.ts'
import { PacketTag } from './packet-tag.ts'

/** What one direction of RTP or of RTCP is encrypted and signed with. */
export interface PacketCrypto {
  readonly cipher: AesCounter
  readonly tag: PacketTag
  /** 14 bytes. */
  readonly salt: Uint8Array
}

/** Both kinds of one direction. `master`: key and salt, 30 bytes. */
export function packetCrypto(master: Uint8Array): { readonly rtp: PacketCrypto; readonly rtcp: PacketCrypto } {
  const { rtp, rtcp } = deriveSessionKeys(master)
  return { rtp: ready(rtp), rtcp: ready(rtcp) }
}

function ready({ cipherKey, authKey, salt }: SessionKeys): PacketCrypto {
  return { cipher: new AesCounter(cipherKey), tag: new PacketTag(authKey), salt }
}
