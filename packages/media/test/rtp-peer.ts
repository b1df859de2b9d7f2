import { createSocket, type Socket } from 'node:dgram'
import { systemClock } from '@parley/runtime'
import { encodeG711, g711 } from '../src/codec/g711.ts'
import { newRtpHeader, parseRtp, writeRtpHeader } from '../src/rtp/rtp-packet.ts'

export interface PeerPacket {
  readonly atMs: number
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
  readonly payloadType: number
  readonly ssrc: number
  readonly payload: Uint8Array
  /** Linear samples of an audio packet. */
  readonly samples: Int16Array
}

const bytes = new Uint8Array(600)

/** The far end of a leg on 127.0.0.1: a bare RTP socket that keeps what it hears (A-law) and sends what it is told. */
export class RtpPeer implements AsyncDisposable {
  readonly heard: PeerPacket[] = []
  readonly reports: Uint8Array[] = []
  sequence = 100
  timestamp = 5000
  ssrc = 0x1234
  private readonly rtp: Socket
  private readonly rtcp: Socket
  private readonly waiting = new Set<() => void>()

  private constructor(rtp: Socket, rtcp: Socket) {
    this.rtp = rtp
    this.rtcp = rtcp
    const header = newRtpHeader()
    rtp.on('message', (datagram) => {
      if (!parseRtp(datagram, header)) return
      const payload = datagram.subarray(header.payloadStart, header.payloadEnd)
      const samples = Int16Array.from(payload, (code) => g711.PCMA.decode[code] as number)
      const { sequence, timestamp, marker, payloadType, ssrc } = header
      const atMs = systemClock.nowMs()
      this.heard.push({ atMs, sequence, timestamp, marker, payloadType, ssrc, payload, samples })
      this.wake()
    })
    rtcp.on('message', (datagram) => {
      this.reports.push(datagram)
      this.wake()
    })
  }

  static async open(): Promise<RtpPeer> {
    const rtp = createSocket('udp4')
    const rtcp = createSocket('udp4')
    await bind(rtp)
    await bind(rtcp)
    return new RtpPeer(rtp, rtcp)
  }

  get port(): number {
    return this.rtp.address().port
  }

  /** An offer or answer of this peer. */
  sdp(extra: readonly string[] = []): string {
    return [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.port} RTP/AVP 8 101`,
      'a=rtpmap:101 telephone-event/8000',
      `a=rtcp:${this.rtcp.address().port}`,
      ...extra,
      '',
    ].join('\r\n')
  }

  /** One packet of audio, now. */
  sendAudio(port: number, samples: Int16Array): void {
    encodeG711(g711.PCMA, samples, samples.length, bytes, 12)
    this.sendPayload(port, 8, false, samples.length)
    this.timestamp += samples.length
  }

  /** One telephone-event packet with the present timestamp. */
  sendEvent(port: number, event: number, isEnd: boolean, durationTicks: number): void {
    bytes.set([event, isEnd ? 0x8a : 0x0a, durationTicks >> 8, durationTicks & 0xff], 12)
    this.sendPayload(port, 101, false, 4)
  }

  sendRaw(port: number, datagram: Uint8Array): void {
    this.rtp.send(datagram, port, '127.0.0.1')
  }

  /** Sends `samples` in packets of `packetMs`, paced by the clock. */
  async speak(port: number, samples: Int16Array, packetMs = 20): Promise<void> {
    const startMs = systemClock.nowMs()
    const size = packetMs * 8
    for (let at = 0; at + size <= samples.length; at += size) {
      await until(startMs + at / 8)
      this.sendAudio(port, samples.subarray(at, at + size))
    }
  }

  /** Resolves when `condition` holds, looked at on each packet; throws after `withinMs`. */
  async waitFor(condition: () => boolean, withinMs = 5000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const check = () => condition() && resolve()
    const timer = setTimeout(() => reject(new Error('the peer waited in vain')), withinMs)
    this.waiting.add(check)
    check()
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.waiting.delete(check)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.rtp.close(() => this.rtcp.close(() => resolve())))
  }

  private sendPayload(port: number, payloadType: number, marker: boolean, length: number): void {
    writeRtpHeader(bytes, marker, payloadType, this.sequence, this.timestamp, this.ssrc)
    this.sequence = (this.sequence + 1) & 0xffff
    this.rtp.send(bytes.slice(0, 12 + length), port, '127.0.0.1')
  }

  private wake(): void {
    for (const check of [...this.waiting]) check()
  }
}

function bind(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve()))
}

/** Resolves at an instant of the system clock. */
export function until(atMs: number): Promise<void> {
  return new Promise((resolve) => {
    systemClock.setTimer(atMs, resolve)
  })
}
