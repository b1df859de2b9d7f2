/**
 * Cuts a byte stream into the frames of drachtio's wire protocol, `length#text`, where length counts bytes.
 * @see the file lib/wire-protocol.js of drachtio-srf
 */
export class WireFrames {
  private rest: Buffer = Buffer.alloc(0)

  /** @throws when the stream is no wire protocol */
  push(bytes: Buffer): string[] {
    this.rest = Buffer.concat([this.rest, bytes])
    const frames: string[] = []
    for (;;) {
      const mark = this.rest.indexOf('#')
      if (mark < 0) return frames
      const length = Number(this.rest.toString('latin1', 0, mark))
      if (!Number.isInteger(length) || length <= 0) throw new Error('no frame')
      const end = mark + 1 + length
      if (this.rest.length < end) return frames
      frames.push(this.rest.toString('utf8', mark + 1, end))
      this.rest = this.rest.subarray(end)
    }
  }
}

export const writeFrame = (text: string): string => `${Buffer.byteLength(text)}#${text}`
