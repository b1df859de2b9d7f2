import { AesCounter } from './aes-counter.ts'
import { masterKeyBytes, masterSaltBytes } from './srtp-keys.ts'

/** What encrypts, authenticates and salts one direction of RTP or of RTCP. */
export interface SessionKeys {
  /** AES-128, 16 bytes. */
  readonly cipherKey: Uint8Array
  /** HMAC-SHA1, 20 bytes. */
  readonly authKey: Uint8Array
  /** 14 bytes. */
  readonly salt: Uint8Array
}

const rtpLabel = 0
const rtcpLabel = 3

/** Session keys from `master` (key and salt, 30 bytes), with a key derivation rate of zero. @see RFC 3711 section 4.3 */
export function deriveSessionKeys(master: Uint8Array): { readonly rtp: SessionKeys; readonly rtcp: SessionKeys } {
  const key = master.subarray(0, masterKeyBytes)
  const salt = master.subarray(masterKeyBytes, masterKeyBytes + masterSaltBytes)
  const cipher = new AesCounter(key)
  const family = (first: number): SessionKeys => ({
    cipherKey: derive(cipher, salt, first, 16),
    authKey: derive(cipher, salt, first + 1, 20),
    salt: derive(cipher, salt, first + 2, 14),
  })
  return { rtp: family(rtpLabel), rtcp: family(rtcpLabel) }
}

/** `label` is the byte of the key id above the 48 bits of the index, which is zero. */
function derive(cipher: AesCounter, salt: Uint8Array, label: number, bytes: number): Uint8Array {
  const iv = Uint8Array.from(salt)
  iv[7] = (iv[7] as number) ^ label
  const derived = new Uint8Array(bytes)
  cipher.apply(iv, derived, 0, bytes)
  return derived
}
