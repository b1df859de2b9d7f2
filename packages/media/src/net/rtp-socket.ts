import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { lookup } from 'node:dns'
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { looksLikeRtcp } from '../rtp/rtp-packet.ts'
import type { SrtpSession } from '../srtp/srtp-session.ts'
import type { SourceFilter } from './source-filter.ts'

/** Takes what arrived, in plain. Under rtcp-mux RTCP comes to `onRtp` too. */
export interface DatagramHandler {
  onRtp(datagram: Uint8Array, host: string, port: number): void
  onRtcp(datagram: Uint8Array, host: string, port: number): void
}

const mappedPrefix = '::ffff:'
const slotCount = 16
const slotBytes = 1500

/** A send buffer that is not rewritten while the socket may still read it. */
class SendSlot {
  readonly bytes = new Uint8Array(slotBytes)
  busy = false
  readonly done = (error: Error | null): void => {
    this.busy = false
    if (error) this.socket.sendErrors += 1
  }
  private readonly socket: RtpSocket

  constructor(socket: RtpSocket) {
    this.socket = socket
  }
}

/**
 * The RTP and RTCP sockets of one leg, unconnected so that packets from a new source are seen.
 *
 * Sending: `nextBuffer()` lends a buffer that the caller fills and passes to `send` or `sendRtcp` before asking for
 * another. Buffers are used again only after the socket's callback. Socket errors are counted, never thrown.
 * With `srtp` set, packets are protected on their way out and opened on their way in; those that are not genuine, and all
 * from a source that may not send, are counted and go no further.
 */
export class RtpSocket {
  sendErrors = 0
  /** Datagrams from sources that may not send, or not genuine. */
  refused = 0
  srtp: SrtpSession | undefined
  private readonly rtp: Socket
  private readonly rtcp: Socket
  private readonly slots: SendSlot[]
  private next = 0
  private closed = false

  private constructor(rtp: Socket, rtcp: Socket) {
    this.rtp = rtp
    this.rtcp = rtcp
    this.slots = Array.from({ length: slotCount }, () => new SendSlot(this))
  }

  /** Rejects with the system's error (`EADDRINUSE`, ...) when one of the two ports cannot be bound. */
  static async bind(host: string, port: number, sources: SourceFilter, handler: DatagramHandler): Promise<RtpSocket> {
    const rtp = newSocket(host)
    const rtcp = newSocket(host)
    try {
      await bindSocket(rtp, host, port)
      await bindSocket(rtcp, host, port + 1)
    } catch (error) {
      rtp.close()
      rtcp.close()
      throw error
    }
    const socket = new RtpSocket(rtp, rtcp)
    rtp.on('message', (datagram: Buffer, from: RemoteInfo) => {
      const address = plain(from.address)
      const packet = socket.open(datagram, address, sources, looksLikeRtcp(datagram))
      if (packet) handler.onRtp(packet, address, from.port)
    })
    rtcp.on('message', (datagram: Buffer, from: RemoteInfo) => {
      const address = plain(from.address)
      const packet = socket.open(datagram, address, sources, true)
      if (packet) handler.onRtcp(packet, address, from.port)
    })
    return socket
  }

  nextBuffer(): Uint8Array {
    return this.nextSlot().bytes
  }

  send(length: number, host: string, port: number): void {
    const bytes = this.nextBuffer()
    this.sendSlot(this.rtp, this.srtp ? this.srtp.protectRtp(bytes, length) : length, host, port)
  }

  sendRtcp(length: number, host: string, port: number, muxed: boolean): void {
    const bytes = this.nextBuffer()
    const sent = this.srtp ? this.srtp.protectRtcp(bytes, length) : length
    this.sendSlot(muxed ? this.rtp : this.rtcp, sent, host, port)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.rtp.close()
    this.rtcp.close()
  }

  /** What is to be handled of a datagram; undefined: nothing. */
  private open(datagram: Buffer, from: string, sources: SourceFilter, isRtcp: boolean): Uint8Array | undefined {
    if (!sources.admits(from)) {
      this.refused += 1
      return undefined
    }
    if (!this.srtp) return datagram
    const length = isRtcp ? this.srtp.unprotectRtcp(datagram) : this.srtp.unprotectRtp(datagram)
    if (length >= 0) return datagram.subarray(0, length)
    this.refused += 1
    return undefined
  }

  private sendSlot(socket: Socket, length: number, host: string, port: number): void {
    const slot = this.nextSlot()
    this.next = (this.next + 1) % this.slots.length
    if (this.closed || host === '' || port === 0) return
    slot.busy = true
    try {
      socket.send(slot.bytes, 0, length, port, host, slot.done)
    } catch {
      // An address of the wrong family, or a port out of range.
      slot.busy = false
      this.sendErrors += 1
    }
  }

  /** The slot to be sent next; a fresh one in its place when the socket still holds it. */
  private nextSlot(): SendSlot {
    const slot = this.slots[this.next] as SendSlot
    if (!slot.busy) return slot
    const fresh = new SendSlot(this)
    this.slots[this.next] = fresh
    return fresh
  }
}

function newSocket(host: string): Socket {
  const family = isIPv6(host) ? 6 : 4
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    recvBufferSize: 262_144,
    // Addresses are literals; answering at once makes the send synchronous.
    lookup: (address, _options, done) => {
      if (isIP(address) === 0) done(new Error('not an address'), '', family)
      else done(null, family === 6 && isIPv4(address) ? mappedPrefix + address : address, family)
    },
  })
  // Without a handler an ICMP error would end the thread.
  socket.on('error', () => {})
  return socket
}

function bindSocket(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}

/** An IPv6 socket shows IPv4 peers as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : address
}

/** The address of a name in SDP; the text itself when it is an address already, or cannot be resolved. */
export function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return Promise.resolve(host)
  return new Promise((resolve) => lookup(host, (error, address) => resolve(error ? host : address)))
}
