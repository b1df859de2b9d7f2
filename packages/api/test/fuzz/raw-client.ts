import { connect, type Socket } from 'node:net'

/** What became of a request. */
export type RawReply =
  | { readonly kind: 'answer'; readonly status: number; readonly head: string; readonly body: Buffer }
  /** The connection ended without an answer. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'hang' }

/** An HTTP client that sends whatever it is given. One request at a time; a new connection when the last one ended. */
export class RawClient implements Disposable {
  private readonly port: number
  private readonly limitMs: number
  private socket: Socket | undefined

  /** `limitMs`: an answer that takes longer is a hang. */
  constructor(port: number, limitMs: number) {
    this.port = port
    this.limitMs = limitMs
  }

  /** `isLast`: says that nothing follows and gives the connection up. */
  send(bytes: Buffer, { isHead, isLast }: { readonly isHead: boolean; readonly isLast: boolean }): Promise<RawReply> {
    const socket = this.opened()
    return new Promise((resolve) => {
      let received = Buffer.alloc(0)
      const settle = (reply: RawReply) => {
        clearTimeout(timer)
        for (const event of ['data', 'end', 'close', 'error']) socket.removeAllListeners(event)
        const goesOn = reply.kind === 'answer' && !isLast && !/\r\nconnection: close/i.test(reply.head)
        if (!goesOn) {
          socket.on('error', () => {})
          socket.destroy()
          this.socket = undefined
        }
        resolve(reply)
      }
      const timer = setTimeout(() => settle({ kind: 'hang' }), this.limitMs)
      const gone = () => settle(wholeReply(received, isHead, true) ?? { kind: 'closed' })
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk])
        const reply = wholeReply(received, isHead, false)
        if (reply) settle(reply)
      })
      socket.on('end', gone)
      socket.on('close', gone)
      socket.on('error', gone)
      if (isLast) socket.end(bytes)
      else socket.write(bytes)
    })
  }

  [Symbol.dispose](): void {
    this.socket?.destroy()
  }

  private opened(): Socket {
    if (!this.socket || this.socket.destroyed)
      this.socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true })
    return this.socket
  }
}

/** Undefined: there is more to come. */
function wholeReply(received: Buffer, isHead: boolean, isOver: boolean): RawReply | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.subarray(0, end).toString('latin1')
  const rest = received.subarray(end + 4)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
  if (status === 100) return wholeReply(rest, isHead, isOver)
  if (isHead || status === 204 || status === 304) return { kind: 'answer', status, head, body: Buffer.alloc(0) }
  if (/\r\ntransfer-encoding: chunked/i.test(head)) {
    // Of no interest here: whatever the API answers has a length.
    return isOver || rest.toString('latin1').endsWith('0\r\n\r\n')
      ? { kind: 'answer', status, head, body: Buffer.alloc(0) }
      : undefined
  }
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1])
  if (!isOver && !(rest.length >= length)) return undefined
  return { kind: 'answer', status, head, body: rest.subarray(0, Number.isNaN(length) ? undefined : length) }
}
