const endOfHead = Buffer.from('\r\n\r\n')
/** Largest message on a stream, head and body. */
const maxMessageBytes = 65_536

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
 * `push` keeps what is incomplete, at most 64 KiB. Frames are views of its own buffer and may be kept.
 * @see RFC 3261 section 18.3
 */
export class StreamFramer {
  private pending: Buffer = Buffer.alloc(0)
  /** Where the search for the end of the head goes on, so that slow senders cost no rescans. */
  private scannedBytes = 0

  push(chunk: Buffer): Frame[] {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk])
    const frames: Frame[] = []
    for (;;) {
      this.skipKeepalive(frames)
      const bytes = this.takeMessage()
      if (!bytes) break
      frames.push({ kind: 'message', bytes })
    }
    if (this.pending.length > maxMessageBytes) throw new FramingError('message exceeds 64 KiB')
    return frames
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
    const headEnd = this.pending.indexOf(endOfHead, Math.max(0, this.scannedBytes - 3))
    if (headEnd < 0) {
      this.scannedBytes = this.pending.length
      return undefined
    }
    const totalBytes = headEnd + 4 + contentLength(this.pending.toString('latin1', 0, headEnd))
    if (totalBytes > maxMessageBytes) throw new FramingError('message exceeds 64 KiB')
    if (this.pending.length < totalBytes) return undefined
    const bytes = this.pending.subarray(0, totalBytes)
    this.pending = this.pending.subarray(totalBytes)
    this.scannedBytes = 0
    return bytes
  }
}

function contentLength(head: string): number {
  const match = /\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)/i.exec(head)
  if (!match) return 0
  const text = match[1]?.trim() ?? ''
  if (!/^\d{1,9}$/.test(text)) throw new FramingError('content-length is invalid')
  return Number(text)
}
