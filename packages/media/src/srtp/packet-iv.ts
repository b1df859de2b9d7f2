/**
 * Fills the first 14 bytes of a counter block: salt, SSRC at bytes 4-7 and index at bytes 8-13, laid over each other.
 * @see RFC 3711 section 4.1.1
 */
export function writeIv(iv: Uint8Array, salt: Uint8Array, ssrc: number, index: number): void {
  for (let i = 0; i < 14; i += 1) iv[i] = salt[i] as number
  const high = Math.floor(index / 65_536)
  iv[4] = (iv[4] as number) ^ (ssrc >>> 24)
  iv[5] = (iv[5] as number) ^ ((ssrc >>> 16) & 0xff)
  iv[6] = (iv[6] as number) ^ ((ssrc >>> 8) & 0xff)
  iv[7] = (iv[7] as number) ^ (ssrc & 0xff)
  iv[8] = (iv[8] as number) ^ (high >>> 24)
  iv[9] = (iv[9] as number) ^ ((high >>> 16) & 0xff)
  iv[10] = (iv[10] as number) ^ ((high >>> 8) & 0xff)
  iv[11] = (iv[11] as number) ^ (high & 0xff)
  iv[12] = (iv[12] as number) ^ ((index >>> 8) & 0xff)
  iv[13] = (iv[13] as number) ^ (index & 0xff)
}
