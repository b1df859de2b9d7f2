/** The SDES suites spoken here, in order of preference. They differ in the length of the RTP tag only. */
export const srtpSuites = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const

export type SrtpSuite = (typeof srtpSuites)[number]

/** Bytes of the tag on an RTP packet. RTCP has ten in both. @see RFC 4568 section 6.2 */
export const rtpTagBytes: Readonly<Record<SrtpSuite, number>> = {
  AES_CM_128_HMAC_SHA1_80: 10,
  AES_CM_128_HMAC_SHA1_32: 4,
}

export const rtcpTagBytes = 10
export const masterKeyBytes = 16
export const masterSaltBytes = 14
/** Master key and salt together, as they stand in `inline:`. */
export const inlineBytes = masterKeyBytes + masterSaltBytes

/**
 * How the media of a leg is encrypted. Plain data, a secret: it goes from the negotiation to the media thread and nowhere
 * else. `ours` and `theirs` are master key and salt (30 bytes) of what we send and what we receive.
 */
export interface SrtpKeys {
  readonly suite: SrtpSuite
  readonly ours: Uint8Array
  readonly theirs: Uint8Array
  /** Length of the key identifier that the peer puts before its tags; 0: none. */
  readonly theirMkiBytes: number
}

/** True when nothing was rekeyed. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
