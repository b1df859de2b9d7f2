import type { Clock, LegId, SignallingMessage } from '@parley/core'
import { maskMessage, type NumberPolicy } from './mask-message.ts'

/** More messages than a call with many gateways and re-offers needs. */
const maxMessages = 200
const maxTextLength = 8_000
/** Calls whose messages are kept at a time. */
const maxCalls = 2_000
/** How long messages wait for their owner when their call is over, or was none: 64*T1, as long as they may be repeated. */
const untakenMs = 32_000

/** The SIP messages of calls, masked, until their owner takes them. Bounded in every direction. */
export class MessageLog {
  private readonly messages = new Map<string, SignallingMessage[]>()
  private readonly callIdsOf = new Map<LegId, string[]>()
  private readonly legOf = new Map<string, LegId>()
  /** Call-IDs of no leg, or of one that is over, and when they are forgotten (clock ms), the first to go first. */
  private readonly leaving = new Map<string, number>()
  private readonly numbers: NumberPolicy
  private readonly clock: Clock

  constructor(numbers: NumberPolicy, clock: Clock) {
    this.numbers = numbers
    this.clock = clock
  }

  /** Calls of which something is kept. */
  get size(): number {
    return Math.max(this.messages.size, this.legOf.size)
  }

  /** `sent`: by us. `peer`: `udp:192.0.2.1:5060`. Messages outside calls are not kept. */
  record(bytes: Buffer, sent: boolean, peer: string, wallMs: number): void {
    this.forgetUntaken()
    const text = bytes.toString('utf8', 0, maxTextLength)
    const callId = /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im.exec(text)?.[1]
    if (callId === undefined || /^cseq[ \t]*:[ \t]*\d+[ \t]+(?:OPTIONS|REGISTER)\b/im.test(text)) return
    const messages = this.messages.get(callId) ?? this.open(withoutSource(callId))
    if (messages.length < maxMessages) messages.push({ wallMs, sent, peer, text: maskMessage(text, this.numbers) })
  }

  /** Messages with this Call-ID are from now on of that leg, which may have several. */
  bind(leg: LegId, callId: string): void {
    const own = withoutSource(callId)
    this.unbind(own)
    this.leaving.delete(own)
    this.legOf.set(own, leg)
    const callIds = this.callIdsOf.get(leg)
    if (callIds) callIds.push(own)
    else this.callIdsOf.set(leg, [own])
  }

  /** What came since it was last asked for, in order of time. */
  take(leg: LegId): readonly SignallingMessage[] {
    const taken = (this.callIdsOf.get(leg) ?? []).flatMap((callId) => this.messages.get(callId)?.splice(0) ?? [])
    return taken.sort((a, b) => a.wallMs - b.wallMs)
  }

  /** The leg is over; its messages can be taken for another 32 s. */
  over(leg: LegId): void {
    for (const callId of this.callIdsOf.get(leg) ?? []) this.leave(callId)
  }

  /** Nothing more of this leg will be asked for. */
  forget(leg: LegId): void {
    for (const callId of [...(this.callIdsOf.get(leg) ?? [])]) this.drop(callId)
  }

  private open(callId: string): SignallingMessage[] {
    if (this.messages.size >= maxCalls) this.makeRoom()
    const messages: SignallingMessage[] = []
    this.messages.set(callId, messages)
    if (!this.legOf.has(callId)) this.leave(callId)
    return messages
  }

  /** A flood of refused calls takes nothing from those that are up. */
  private makeRoom(): void {
    const [untaken] = this.leaving.keys()
    const [oldest] = this.messages.keys()
    const callId = untaken ?? oldest
    if (callId !== undefined) this.drop(callId)
  }

  private leave(callId: string): void {
    this.leaving.delete(callId)
    this.leaving.set(callId, this.clock.nowMs() + untakenMs)
  }

  private forgetUntaken(): void {
    const nowMs = this.clock.nowMs()
    for (const [callId, atMs] of this.leaving) {
      if (atMs > nowMs) return
      this.drop(callId)
    }
  }

  private drop(callId: string): void {
    this.messages.delete(callId)
    this.leaving.delete(callId)
    this.unbind(callId)
  }

  private unbind(callId: string): void {
    const leg = this.legOf.get(callId)
    if (leg === undefined) return
    this.legOf.delete(callId)
    const others = (this.callIdsOf.get(leg) ?? []).filter((other) => other !== callId)
    if (others.length > 0) this.callIdsOf.set(leg, others)
    else this.callIdsOf.delete(leg)
  }
}

/** A part of a string keeps the whole of it in memory, here a message of several kilobytes; a copy does not. */
const withoutSource = (text: string): string => Buffer.from(text).toString()
