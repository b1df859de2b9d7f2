import type { Dialog } from './dialog.ts'
import type { Codec } from './g711.ts'
import type { SpokenStep } from './measures.ts'
import type { MediaLeg } from './media-leg.ts'
import { nowNs } from './monotonic-clock.ts'
import type { Script } from './script.ts'
import { answerDirection, formatSdp, type MediaDirection, readRemoteMedia } from './sdp.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SipTrace } from './sip-trace.ts'
import type { SipAddress, SipTransport } from './sip-transport.ts'
import type { Utterance } from './utterance.ts'

export type CallRole = 'callee' | 'caller'

/** `failed`: no answer to our INVITE, no ACK to our 200, or the phone was closed during the call. */
export type Outcome = 'completed' | 'rejected' | 'cancelled' | 'failed'

/** A noteworthy instant of a call; `atNs` monotonic. */
export interface PhoneEvent {
  readonly atNs: number
  readonly type: string
  readonly [field: string]: unknown
}

/** How a call ended. `status`: the SIP status of an unanswered one. */
export interface CallEnd {
  readonly outcome: Outcome
  readonly by: 'phone' | 'peer'
  readonly status?: number
  readonly detail?: string
}

/** Everything known about one call; its parts share it. Only `finish` ends it, once. */
export class CallState {
  readonly role: CallRole
  readonly sipCallId: string
  readonly script: Script
  readonly random: SeededRandom
  readonly transport: SipTransport
  readonly trace: SipTrace
  readonly dialog: Dialog
  readonly media: MediaLeg
  readonly startedAtNs = nowNs()
  /** Aborted when the call has ended. */
  readonly over = new AbortController()
  readonly events: PhoneEvent[] = []
  readonly spoken: SpokenStep[] = []
  readonly problems: string[] = []
  /** Audio of the spoken steps by index. */
  utterances: ReadonlyMap<number, Utterance> = new Map()
  answeredAtNs: number | undefined
  /** Resolves when the ACK has come, or will not come any more. */
  confirmed: Promise<void> = Promise.resolve()
  endedAtNs: number | undefined
  end: CallEnd | undefined
  /** Where the peer's SIP comes from. */
  peer: SipAddress
  #sdpVersion = 0

  constructor(options: {
    readonly role: CallRole
    readonly sipCallId: string
    readonly script: Script
    readonly random: SeededRandom
    readonly transport: SipTransport
    readonly trace: SipTrace
    readonly dialog: Dialog
    readonly media: MediaLeg
    readonly peer: SipAddress
  }) {
    this.role = options.role
    this.sipCallId = options.sipCallId
    this.script = options.script
    this.random = options.random
    this.transport = options.transport
    this.trace = options.trace
    this.dialog = options.dialog
    this.media = options.media
    this.peer = options.peer
  }

  get signal(): AbortSignal {
    return this.over.signal
  }

  get hasEnded(): boolean {
    return this.end !== undefined
  }

  note(type: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.events.push({ atNs: nowNs(), type, ...fields })
  }

  finish(end: CallEnd): void {
    if (this.end !== undefined) return
    this.end = end
    this.endedAtNs ??= nowNs()
    this.note('ended', { ...end })
    this.media.stop()
    this.over.abort()
  }

  /** Our offer: the script's law first, then the other. */
  offer(direction: MediaDirection = 'sendrecv'): string {
    const wanted: Codec = this.script.codec === 'pcmu' ? 'pcmu' : 'pcma'
    const codecs: Codec[] = wanted === 'pcma' ? ['pcma', 'pcmu'] : ['pcmu', 'pcma']
    const chosen = this.media.remote === undefined ? codecs : [this.media.remote.codec]
    return this.#describe(chosen, 101, direction)
  }

  /** Takes an offer and connects the sound when `connects`. Undefined: nothing in common. */
  answer(sdp: string, connects = true): string | undefined {
    if (this.script.codec === 'none') return undefined
    const remote = readRemoteMedia(sdp, this.script.codec, false)
    if (remote === undefined) return undefined
    if (connects) this.media.connect(remote)
    return this.#describe([remote.codec], remote.eventPayloadType, answerDirection(remote.direction))
  }

  /** Takes the answer to our offer. False: unusable. */
  acceptAnswer(sdp: string): boolean {
    const remote = readRemoteMedia(sdp, 'pcma', true)
    if (remote !== undefined) this.media.connect(remote)
    return remote !== undefined
  }

  #describe(codecs: readonly Codec[], eventPayloadType: number | undefined, direction: MediaDirection): string {
    this.#sdpVersion += 1
    return formatSdp({
      host: this.media.via?.host ?? this.transport.address.host,
      port: this.media.via?.port ?? this.media.port,
      codecs,
      eventPayloadType,
      direction,
      id: this.media.port,
      version: this.#sdpVersion,
    })
  }
}
