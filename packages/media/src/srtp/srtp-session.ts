import { type SrtpKeys, sameBytes } from './srtp-keys.ts'
import { SrtpReceiver } from './srtp-receiver.ts'
import { SrtpSender } from './srtp-sender.ts'

/**
 * SRTP and SRTCP of one leg, in place and synchronous. A key that stays the same keeps its counters; a new key begins
 * anew. While the peer has not used its new key yet, its old one is still taken: its packets are on the way while the
 * answer is.
 */
export class SrtpSession {
  private keys: SrtpKeys
  private sender: SrtpSender
  private receiver: SrtpReceiver
  private previous: SrtpReceiver | undefined

  constructor(keys: SrtpKeys) {
    this.keys = keys
    this.sender = new SrtpSender(keys.suite, keys.ours)
    this.receiver = newReceiver(keys)
  }

  /** Takes the keys of a new offer/answer exchange. */
  rekey(keys: SrtpKeys): void {
    const before = this.keys
    this.keys = keys
    const isSameSuite = keys.suite === before.suite
    if (!isSameSuite || !sameBytes(keys.ours, before.ours)) this.sender = new SrtpSender(keys.suite, keys.ours)
    if (isSameSuite && keys.theirMkiBytes === before.theirMkiBytes && sameBytes(keys.theirs, before.theirs)) return
    this.previous = this.receiver
    this.receiver = newReceiver(keys)
  }

  /** New length of `packet`; it needs 14 bytes of room behind `length`. */
  protectRtp(packet: Uint8Array, length: number): number {
    return this.sender.protectRtp(packet, length)
  }

  protectRtcp(packet: Uint8Array, length: number): number {
    return this.sender.protectRtcp(packet, length)
  }

  /** Length of what is left of `datagram`; -1: it is to be dropped. */
  unprotectRtp(datagram: Uint8Array): number {
    const length = this.receiver.unprotectRtp(datagram)
    if (length >= 0) {
      this.previous = undefined
      return length
    }
    return this.previous ? this.previous.unprotectRtp(datagram) : -1
  }

  unprotectRtcp(datagram: Uint8Array): number {
    const length = this.receiver.unprotectRtcp(datagram)
    if (length >= 0) return length
    return this.previous ? this.previous.unprotectRtcp(datagram) : -1
  }
}

/** The session for the keys of a new offer/answer exchange: the present one where there is one. */
export function nextSession(present: SrtpSession | undefined, keys: SrtpKeys | undefined): SrtpSession | undefined {
  if (!keys || !present) return keys && new SrtpSession(keys)
  present.rekey(keys)
  return present
}

function newReceiver(keys: SrtpKeys): SrtpReceiver {
  return new SrtpReceiver(keys.suite, keys.theirs, keys.theirMkiBytes)
}
