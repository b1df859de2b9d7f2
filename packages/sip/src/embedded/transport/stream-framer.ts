const endOfHead = Buffer.from('\r\n\r\n')
/** Largest message on a stream, head and body. */
const maxMessageBytes = 65_536
/** More of them for one message are somebody playing with us. A message of 64 KiB comes in 50 segments. Taste. */
const maxPieces = 1_000

export type Frame =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** Double CRLF of the peer, to be answered with one CRLF. @see RFC 5626 section 4.4.1 */
  | { readonly kind: 'ping' }

/** Thrown when the stream cannot be followed any more; the connection has to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError'
}

/**
 * Cuts a byte stream into SIP messages by `Content-Length`; a message without one has no body.
 *
 * `push` keeps what is incomplete, at most 64 KiB in 1,000 pieces. Frames are views of its own buffer and may be kept.
 * @see RFC 3261 section 18.3
 */
export class StreamFramer {
  private pending: Buffer = Buffer.alloc(0)
  /** Pieces of the body that came since; joined only when the message is whole, so that slow senders cost no copies. */
  private later: Buffer[] = []
  private laterBytes = 0
  /** Of the message whose head is known. */
  private totalBytes = 0
  /** Where the search for the end of the head goes on, so that slow senders cost no rescans. */
  private scannedBytes = 0
  private pieces = 0

  /** A message has begun and is not whole. */
  get isMidMessage(): boolean {
    return this.pending.length > 0
  }

  /** @throws FramingError */
  push(chunk: Buffer): Frame[] {
    this.pieces += 1
    this.later.push(chunk)
    this.laterBytes += chunk.length
    if (this.pieces > maxPieces) throw new FramingError('message comes in too many pieces')
    if (this.pending.length + this.laterBytes < this.totalBytes) return []
    this.join()
    const frames: Frame[] = []
    for (;;) {
      this.skipKeepalive(frames)
      const bytes = this.takeMessage()
      if (!bytes) break
      frames.push({ kind: 'message', bytes })
    }
    if (this.pending.length > maxMessageBytes) throw new FramingError('message exceeds 64 KiB')
    if (this.pending.length === 0) this.pieces = 0
    return frames
  }

  private join(): void {
    const parts = this.pending.length === 0 ? this.later : [this.pending, ...this.later]
    this.pending = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
    this.later = []
    this.laterBytes = 0
  }

  private skipKeepalive(frames: Frame[]): void {
    let newlines = 0
    while (this.pending[newlines * 2] === 13 && this.pending[newlines * 2 + 1] === 10) newlines += 1
    if (newlines === 0) return
    if (newlines >= 2) frames.push({ kind: 'ping' })
    this.pending = this.pending.subarray(newlines * 2)
    this.scannedBytes = 0
  }

  private takeMessage(): Buffer | undefined {
    if (this.totalBytes === 0) {
      const headEnd = this.pending.indexOf(endOfHead, Math.max(0, this.scannedBytes - 3))
      if (headEnd < 0) {
        this.scannedBytes = this.pending.length
        return undefined
      }
      this.totalBytes = headEnd + 4 + contentLength(this.pending.toString('latin1', 0, headEnd))
      if (this.totalBytes > maxMessageBytes) throw new FramingError('message exceeds 64 KiB')
    }
    if (this.pending.length < this.totalBytes) return undefined
    const bytes = this.pending.subarray(0, this.totalBytes)
    this.pending = this.pending.subarray(this.totalBytes)
    this.totalBytes = 0
    this.scannedBytes = 0
    this.pieces = 1
    return bytes
  }
}

/** Two of them would let one message pass for two. */
function contentLength(head: string): number {
  const [match, second] = head.matchAll(/\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)/gi)
  if (second) throw new FramingError('content-length occurs twice')
  if (!match) return 0
  const text = match[1]?.trim() ?? ''
  if (!/^\d{1,9}$/.test(text)) throw new FramingError('content-length is invalid')
  return Number(text)
}
