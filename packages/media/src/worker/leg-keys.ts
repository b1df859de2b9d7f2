import type { TrunkMedia } from '@parley/core'
import { frameSamples } from '@parley/core'
import type { Downlink } from '../downlink.ts'
import { DtmfDetector } from '../dtmf/dtmf-detector.ts'
import { tonesOf } from '../dtmf/dtmf-tones.ts'
import type { RtpHeader } from '../rtp/rtp-packet.ts'
import { TelephoneEventReceiver } from '../rtp/telephone-event.ts'
import type { RemoteMedia } from '../sdp/remote-media.ts'

export interface KeyListener {
  /** The peer pressed a key. */
  onKey(key: string, durationMs: number): void
  /** A key of ours is to be sent by signalling. */
  onSignalKey(key: string, durationMs: number): void
}

const keyMs = 100
/** Keys by signalling are this far apart, so that each is a request of its own in time, as with events. */
const signalEveryMs = 250
/** For this long after tones of ours, tones are taken for their echo. */
const ownToneMs = 500
const silence = new Int16Array(frameSamples)

/**
 * Keys of one leg, both ways.
 *
 * ```
 *   peer has telephone events   hears events             sends events, or as the trunk says
 *   peer has none               hears tones (Goertzel)   sends by signalling, or tones if the trunk says so
 * ```
 * One way is listened to at a time, so that a peer that sends a key as event and as tone presses it once.
 */
export class LegKeys {
  private readonly way: NonNullable<TrunkMedia['dtmf']>
  private readonly downlink: Downlink
  private readonly listener: KeyListener
  private readonly events: TelephoneEventReceiver
  private readonly detector: DtmfDetector
  private readonly signalled: string[] = []
  private hasEvents = true
  private eventTicksPerMs = 8
  private nextSignalAtMs = Number.NEGATIVE_INFINITY
  private ownToneAtMs = Number.NEGATIVE_INFINITY

  constructor(way: TrunkMedia['dtmf'], downlink: Downlink, listener: KeyListener) {
    this.way = way ?? 'rtp'
    this.downlink = downlink
    this.listener = listener
    const onKey = (key: string, durationMs: number) => listener.onKey(key, durationMs)
    this.events = new TelephoneEventReceiver(onKey)
    this.detector = new DtmfDetector(onKey)
  }

  configure(remote: RemoteMedia): void {
    this.hasEvents = remote.sendEventType >= 0
    this.eventTicksPerMs = remote.eventClockHz / 1000
  }

  receiveEvent(header: RtpHeader, datagram: Uint8Array, nowMs: number): void {
    const { timestamp, payloadStart, payloadEnd } = header
    this.events.receive(timestamp, datagram, payloadStart, payloadEnd, nowMs, this.eventTicksPerMs)
  }

  /** Listens for tones. Returns what is to be heard as speech: the frame, or silence in its place. */
  onFrame(frame: Int16Array, nowMs: number): Int16Array {
    if (this.hasEvents || nowMs - this.ownToneAtMs < ownToneMs) return frame
    return this.detector.onFrame(frame) ? silence : frame
  }

  tick(nowMs: number): void {
    this.events.tick(nowMs)
    if (this.downlink.tones.active) this.ownToneAtMs = nowMs
    if (this.signalled.length > 0 && nowMs >= this.nextSignalAtMs) {
      this.nextSignalAtMs = nowMs + signalEveryMs
      this.listener.onSignalKey(this.signalled.shift() as string, keyMs)
    }
  }

  /** Characters that are no keys are ignored. */
  send(keys: string): void {
    for (const key of keys) {
      if (!tonesOf(key)) continue
      if (this.way === 'inband') this.downlink.tones.push(key)
      else if (this.way === 'rtp' && this.hasEvents) this.downlink.events.push(key)
      else this.signalled.push(key.toUpperCase())
    }
  }
}
