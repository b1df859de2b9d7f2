import type { Clock, EarlySound, Logger, MediaEvent, Random, RtpStatistics, ToneName } from '@parley/core'
import { Ambience } from '../ambience/ambience.ts'
import { Downlink } from '../downlink.ts'
import { PeerLatch } from '../net/peer-latch.ts'
import { type DatagramHandler, RtpSocket, resolveHost } from '../net/rtp-socket.ts'
import { SourceFilter } from '../net/source-filter.ts'
import type { Paced } from '../pacer.ts'
import { PlayoutQueue } from '../playout/playout-queue.ts'
import type { WavRecorder } from '../recording/wav-recorder.ts'
import { RelayBuffer } from '../relay-buffer.ts'
import { looksLikeRtcp, newRtpHeader, parseRtp, uint32 } from '../rtp/rtp-packet.ts'
import type { RemoteMedia } from '../sdp/remote-media.ts'
import { nextSession } from '../srtp/srtp-session.ts'
import { ComplianceTone } from '../tones/compliance-tone.ts'
import { ToneListener } from '../tones/tone-listener.ts'
import { type FrameSink, Uplink } from '../uplink.ts'
import { CallerEar } from '../vad/caller-ear.ts'
import type { VadTrack } from '../vad/vad-track.ts'
import { EarlyEar, type EarlyListener } from './early-ear.ts'
import { idlePlan, LegCodecs } from './leg-codecs.ts'
import { type KeyListener, LegKeys } from './leg-keys.ts'
import { LegPlayout } from './leg-playout.ts'
import { LegReports } from './leg-reports.ts'
import { LegRtcp } from './leg-rtcp.ts'
import { LegSender } from './leg-sender.ts'
import { statisticsOf } from './leg-statistics.ts'
import type { OpenLeg } from './messages.ts'
import { PlayoutRing } from './playout-ring.ts'
import { UplinkRing } from './uplink-ring.ts'

/** What a leg needs of the worker around it. */
export interface LegHost {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly bindHost: string
  readonly rtpTimeoutMs: number
  post(id: number, event: MediaEvent): void
  postEarly(id: number, sound: EarlySound): void
  /** Uplink frames were put into a ring. */
  uplinkChanged(): void
  /** There is room again in the playout ring. */
  roomAgain(id: number): void
}

/** A tick this late means that the thread stood still. */
const stalledMs = 50

/** One leg on the media thread: sockets, both directions, gate, recording. Everything per packet is synchronous. */
export class Leg implements Paced, FrameSink, EarlyListener, KeyListener, DatagramHandler {
  readonly id: number
  private readonly host: LegHost
  private readonly header = newRtpHeader()
  private readonly latch = new PeerLatch()
  private readonly uplink: Uplink
  private readonly downlink: Downlink
  private readonly keys: LegKeys
  private readonly ear: CallerEar
  private readonly uplinkRing: UplinkRing
  private readonly sender: LegSender
  private readonly reports: LegReports
  private readonly playout: LegPlayout
  private readonly rtcp: LegRtcp
  private readonly codecs = new LegCodecs()
  private readonly recorder: WavRecorder | undefined
  private readonly sources: SourceFilter
  private readonly tones: ToneListener | undefined
  private early: EarlyEar | undefined
  private socket: RtpSocket | undefined
  private remote: RemoteMedia | undefined
  private lastRtpAtMs = Number.NaN
  private timedOut = false
  private malformed = 0
  private hasCollided = false
  private tickedAtMs = 0
  private configured: Promise<void> = Promise.resolve()
  /** The other leg of a bridge. */
  private partner: Leg | undefined

  constructor(options: OpenLeg, host: LegHost, recorder: WavRecorder | undefined) {
    this.id = options.id
    this.host = host
    this.recorder = recorder
    this.sources = new SourceFilter(options.sources)
    this.uplinkRing = new UplinkRing(options.uplink)
    this.uplink = new Uplink(this)
    const { time } = this.uplink
    const reports = new LegReports(options.id, host, time)
    this.reports = reports
    this.ear = new CallerEar(options.farFieldSuppression, reports)
    if (options.detectTones) {
      this.tones = new ToneListener((tone, fromMs) => reports.tone(tone, time.clockOf(fromMs * 8)))
    }
    const ring = new PlayoutRing(options.playout)
    const { latch, ear } = this
    this.sender = new LegSender({ latch, ear, recorder, ring, reports, onRoom: () => host.roomAgain(options.id) })
    const entropy = host.random.bytes(11)
    // The first sequence number is in the lower half: a loss at the start cannot hide a rollover. RFC 3711 section 3.3.1
    entropy[8] = (entropy[8] as number) & 0x7f
    const queue = new PlayoutQueue()
    this.downlink = new Downlink(idlePlan(), queue, entropy, this.sender)
    if (options.complianceTone) this.downlink.opening = new ComplianceTone()
    const { ambience } = options
    if (ambience) this.downlink.ambience = new Ambience(ambience.loop, ambience.volume)
    this.playout = new LegPlayout(ring, queue, this.downlink, this.sender)
    this.rtcp = new LegRtcp(host.clock, this.uplink, this.downlink, options.callId, entropy[10] ?? 0)
    this.keys = new LegKeys(options.dtmf, this.downlink, this)
  }

  get track(): VadTrack {
    return this.ear.track
  }

  /** Rejects with the system's error when a port is taken. */
  async bind(rtpPort: number): Promise<void> {
    this.socket = await RtpSocket.bind(this.host.bindHost, rtpPort, this.sources, this)
    this.sender.socket = this.socket
  }

  /** Takes the outcome of a negotiation; one after the other. */
  configure(remote: RemoteMedia): Promise<void> {
    const taken = this.configured.then(() => this.take(remote))
    this.configured = taken.catch(() => undefined)
    return taken
  }

  private async take(remote: RemoteMedia): Promise<void> {
    const host = await resolveHost(remote.host)
    const rtcpHost = remote.rtcpHost === remote.host ? host : await resolveHost(remote.rtcpHost)
    const plan = await this.codecs.configure(remote)
    this.remote = { ...remote, host, rtcpHost }
    if (this.socket) this.socket.srtp = nextSession(this.socket.srtp, remote.srtp)
    this.downlink.configure(plan)
    this.keys.configure(remote)
    if (remote.maySend || remote.peerSends) this.latch.signal(host, remote.port)
    this.lastRtpAtMs = this.host.clock.nowMs()
    this.downlink.kick(this.lastRtpAtMs)
    this.tellHold()
  }

  /** Hears what comes before the answer. Again for another early session. */
  async listen(remote: RemoteMedia): Promise<void> {
    await this.configure(remote)
    if (!this.downlink.isStarted) this.early = new EarlyEar(this)
  }

  start(): number {
    const nowMs = this.host.clock.nowMs()
    this.early = undefined
    this.recorder?.start(nowMs)
    this.lastRtpAtMs = nowMs
    this.downlink.start(nowMs)
    this.takePlayout()
    this.downlink.service(nowMs, nowMs)
    this.tellHold()
    return nowMs
  }

  /** A call that begins on hold says so at its start. */
  private tellHold(): void {
    if (this.downlink.isStarted) this.reports.hold(this.remote?.maySend === false)
  }

  pauseRecording(paused: boolean): void {
    this.recorder?.pause(paused, this.host.clock.nowMs())
  }

  sendKeys(keys: string): void {
    this.keys.send(keys)
  }

  /** From now on each of the two peers hears the other. A leg has one partner: a former one is left. */
  join(other: Leg): void {
    this.part()
    other.part()
    this.partner = other
    other.partner = this
    this.downlink.relay = new RelayBuffer()
    other.downlink.relay = new RelayBuffer()
  }

  private part(): void {
    if (this.partner) {
      this.partner.partner = undefined
      this.partner.downlink.relay = undefined
    }
    this.partner = undefined
    this.downlink.relay = undefined
  }

  statistics(): RtpStatistics {
    const { uplink, downlink, rtcp, ear, remote } = this
    const refused = this.malformed + this.latch.ignored + (this.socket?.refused ?? 0)
    return statisticsOf({ uplink, downlink, rtcp, ear, remote, refused })
  }

  /** Says goodbye, frees the ports, completes the recording. */
  async close(): Promise<void> {
    this.part()
    if (this.socket && this.remote && this.downlink.isStarted) this.sendReport(this.socket, this.remote, true)
    this.socket?.close()
    this.codecs.close()
    await this.recorder?.close(this.host.clock.nowMs())
  }

  // Fast path, inwards.

  onRtp(datagram: Uint8Array, host: string, port: number): void {
    if (looksLikeRtcp(datagram)) {
      this.onRtcp(datagram, host)
      return
    }
    const header = this.header
    const remote = this.remote
    const isRtp = remote !== undefined && parseRtp(datagram, header)
    const isEvent = isRtp && remote.receiveEventTypes.includes(header.payloadType)
    const content = isEvent ? 'nothing' : isRtp ? this.codecs.contentOf(header.payloadType) : undefined
    if (!remote || content === undefined) {
      this.malformed += 1
      return
    }
    const nowMs = this.host.clock.nowMs()
    if (!this.latch.accept(host, port, header.ssrc, header.sequence, nowMs)) return
    if (!this.downlink.isStarted) {
      this.early?.receive(header, datagram, content, nowMs)
      return
    }
    if (header.ssrc === this.downlink.ssrc) {
      this.onOwnSsrc()
      return
    }
    // What is played to us on hold is not the caller.
    if (!this.uplink.receive(header, datagram, remote.maySend ? content : 'nothing', nowMs)) return
    this.lastRtpAtMs = nowMs
    if (this.timedOut) this.reports.peerIsBack()
    this.timedOut = false
    if (isEvent) this.keys.receiveEvent(header, datagram, nowMs)
  }

  /**
   * Our SSRC came from the peer: it chose the same, or sends our packets back. We take another, once; if that comes back
   * too, it is a loop, and what we said is not the caller. RFC 3550 section 8.2
   */
  private onOwnSsrc(): void {
    this.malformed += 1
    if (this.hasCollided) return
    this.hasCollided = true
    if (this.socket && this.remote) this.sendReport(this.socket, this.remote, true)
    this.downlink.ssrc = uint32(this.host.random.bytes(4), 0)
  }

  onRtcp(datagram: Uint8Array, host: string): void {
    if (host === this.latch.host || host === this.remote?.rtcpHost) this.rtcp.receive(datagram)
  }

  onFrame(frame: Int16Array, startSample: number): void {
    const clockMs = this.uplink.time.clockOf(startSample + frame.length)
    this.tones?.onFrame(frame, startSample / 8)
    const speech = this.keys.onFrame(frame, this.host.clock.nowMs())
    this.uplinkRing.push(this.ear.onFrame(speech, startSample, clockMs), startSample)
    this.host.uplinkChanged()
    // Keys among the audio are passed on as keys.
    this.partner?.downlink.relay?.push(speech)
    // Where it was received, as the other side lies where it is sent: both as the wire had them.
    if (this.recorder && this.uplink.time.isKnown) this.recorder.write('left', frame, clockMs)
  }

  // Each tick.

  tick(tickMs: number, nowMs: number): void {
    // After a stall the socket still holds what came meanwhile: nothing is missing before it was read.
    const isFresh = nowMs - this.tickedAtMs < stalledMs
    this.tickedAtMs = nowMs
    if (isFresh) this.watchUplink(nowMs)
    if (this.playout.hasNews) this.playout.take(nowMs)
    this.downlink.service(tickMs, nowMs)
    this.early?.tick(nowMs)
    if (!this.downlink.isStarted) return
    this.recorder?.tick(nowMs)
    if (this.socket && this.remote && this.rtcp.isDue(nowMs)) this.sendReport(this.socket, this.remote, false)
  }

  private watchUplink(nowMs: number): void {
    this.uplink.tick(nowMs)
    this.keys.tick(nowMs)
    if (this.ear.isSpeaking) this.ear.onMissing(this.uplink.missingMs(nowMs))
    const isExpected = this.downlink.isStarted && this.remote?.peerSends === true && this.remote.maySend
    if (!isExpected || this.timedOut || nowMs - this.lastRtpAtMs < this.host.rtpTimeoutMs) return
    this.timedOut = true
    this.reports.silentPeer()
  }

  private sendReport(socket: RtpSocket, remote: RemoteMedia, isLast: boolean): void {
    const isLatched = this.latch.isLatched
    const muxed = remote.rtcpPort === remote.port
    const port = isLatched ? this.latch.port + (muxed ? 0 : 1) : remote.rtcpPort
    this.rtcp.send(socket, isLatched ? this.latch.host : remote.rtcpHost, port, muxed, isLast)
  }

  // Tones and early media.

  onEarlyTone(tone: ToneName): void {
    this.reports.tone(tone, this.host.clock.nowMs())
  }

  onEarlySound(sound: EarlySound): void {
    this.host.postEarly(this.id, sound)
  }

  // Keys.

  onKey(key: string, durationMs: number): void {
    this.reports.key(key, durationMs)
    this.partner?.sendKeys(key)
  }

  onSignalKey(key: string, durationMs: number): void {
    this.reports.signalKey(key, durationMs)
  }

  // Fast path, outwards.

  /** Takes what the main thread put into the ring. */
  takePlayout(): void {
    this.playout.take(this.host.clock.nowMs())
  }
}
