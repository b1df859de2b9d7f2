import type { Clock } from '@parley/core'
import type { Downlink } from '../downlink.ts'
import type { RtpSocket } from '../net/rtp-socket.ts'
import { newPeerReports, readReport, writeReport } from '../rtp/rtcp.ts'
import type { Uplink } from '../uplink.ts'

const intervalMs = 5000

type ReportSocket = Pick<RtpSocket, 'nextBuffer' | 'sendRtcp'>

/** Reports of one leg, each 2.5 to 7.5 s. @see RFC 3550 section 6.3.1 */
export class LegRtcp {
  readonly peer = newPeerReports()
  private readonly clock: Clock
  private readonly uplink: Uplink
  private readonly downlink: Downlink
  private readonly cname: string
  private jitter: number
  private nextAtMs = Number.NaN

  /** `seed` 0-255 spreads the reports of several legs. */
  constructor(clock: Clock, uplink: Uplink, downlink: Downlink, cname: string, seed: number) {
    this.clock = clock
    this.uplink = uplink
    this.downlink = downlink
    this.cname = cname
    this.jitter = seed
  }

  receive(datagram: Uint8Array): void {
    readReport(datagram, this.downlink.ssrc, this.clock.nowMs(), this.clock.wallMs(), this.peer)
  }

  isDue(nowMs: number): boolean {
    if (Number.isNaN(this.nextAtMs)) this.schedule(nowMs)
    return nowMs >= this.nextAtMs
  }

  send(socket: ReportSocket, host: string, port: number, muxed: boolean, isLast: boolean): void {
    const nowMs = this.clock.nowMs()
    this.schedule(nowMs)
    const { reception, peerSsrc } = this.uplink
    const { lastReport, lastReportAtMs } = this.peer
    const sender = {
      ssrc: this.downlink.ssrc,
      wallMs: this.clock.wallMs(),
      timestamp: this.downlink.timestampAt(nowMs),
      packets: this.downlink.packetsSent,
      bytes: this.downlink.bytesSent,
    }
    const receiver = {
      ssrc: peerSsrc,
      fractionLost: reception.takeFractionLost(),
      lost: reception.lost,
      highestSequence: reception.highestSequence,
      jitter: reception.jitter,
      lastReport,
      sinceLastReport: lastReport === 0 ? 0 : Math.round((nowMs - lastReportAtMs) * 65.536),
    }
    const length = writeReport(socket.nextBuffer(), sender, peerSsrc < 0 ? undefined : receiver, this.cname, isLast)
    socket.sendRtcp(length, host, port, muxed)
  }

  /** A linear congruence is random enough to keep reports apart. */
  private schedule(nowMs: number): void {
    this.jitter = (this.jitter * 137 + 59) % 256
    this.nextAtMs = nowMs + intervalMs * (0.5 + this.jitter / 256)
  }
}
