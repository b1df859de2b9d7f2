import type { LegId, SignallingMessage } from '@parley/core'
import { maskMessage, type NumberPolicy } from './mask-message.ts'

/** More messages than a call with many gateways and re-offers needs. */
const maxMessages = 200
const maxTextLength = 8_000
/** Calls whose messages are kept at a time; the oldest are forgotten first. */
const maxCalls = 2_000

/** The SIP messages of calls, masked, until their owner takes them. Bounded in every direction. */
export class MessageLog {
  private readonly messages = new Map<string, SignallingMessage[]>()
  private readonly callIdsOf = new Map<LegId, string[]>()
  private readonly numbers: NumberPolicy

  constructor(numbers: NumberPolicy) {
    this.numbers = numbers
  }

  /** `sent`: by us. `peer`: `udp:192.0.2.1:5060`. Messages outside calls are not kept. */
  record(bytes: Buffer, sent: boolean, peer: string, wallMs: number): void {
    const text = bytes.toString('utf8', 0, maxTextLength)
    const callId = /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im.exec(text)?.[1]
    if (callId === undefined || /^cseq[ \t]*:[ \t]*\d+[ \t]+(?:OPTIONS|REGISTER)\b/im.test(text)) return
    const messages = this.messages.get(callId) ?? this.open(callId)
    if (messages.length < maxMessages) messages.push({ wallMs, sent, peer, text: maskMessage(text, this.numbers) })
  }

  /** Messages with this Call-ID are of that leg, which may have several. */
  bind(leg: LegId, callId: string): void {
    const callIds = this.callIdsOf.get(leg)
    if (callIds) callIds.push(callId)
    else this.callIdsOf.set(leg, [callId])
  }

  /** What came since it was last asked for, in order of time. */
  take(leg: LegId): readonly SignallingMessage[] {
    const taken = (this.callIdsOf.get(leg) ?? []).flatMap((callId) => this.messages.get(callId)?.splice(0) ?? [])
    return taken.sort((a, b) => a.wallMs - b.wallMs)
  }

  /** Nothing more of this leg will be asked for. */
  forget(leg: LegId): void {
    for (const callId of this.callIdsOf.get(leg) ?? []) this.messages.delete(callId)
    this.callIdsOf.delete(leg)
  }

  private open(callId: string): SignallingMessage[] {
    const [oldest] = this.messages.keys()
    if (this.messages.size >= maxCalls && oldest !== undefined) this.messages.delete(oldest)
    const messages: SignallingMessage[] = []
    this.messages.set(callId, messages)
    return messages
  }
}
