import { Channel, type Clock, type LegEvent, type LegId } from '@parley/core'
import type { MessageLog } from './ladder/message-log.ts'
import type { LegCall } from './sip-stack.ts'

/** Events a leg may have waiting; a reader that is slower than this loses the oldest. */
const maxWaitingEvents = 64
/** How long the events of a finished leg wait for their reader. */
const unreadMs = 32_000

interface Leg {
  readonly events: Channel<LegEvent>
  readonly call: LegCall
  readonly place?: Disposable
  isRead: boolean
}

export interface NewLeg {
  readonly call: LegCall
  /** In the limits of the trunk an incoming call came by, or at the telephone that is called; given back at the end. */
  readonly place?: Disposable
  /** Somebody reads the events already. */
  readonly isRead: boolean
}

/** The legs that are not over, the events of each, and those of finished legs that nobody has read yet. */
export class LegTable {
  private readonly legs = new Map<LegId, Leg>()
  private readonly unread = new Map<LegId, { readonly events: Channel<LegEvent>; readonly timer: Disposable }>()
  private readonly clock: Clock
  private readonly messages: MessageLog | undefined

  constructor(clock: Clock, messages: MessageLog | undefined) {
    this.clock = clock
    this.messages = messages
  }

  get size(): number {
    return this.legs.size
  }

  callOf(leg: LegId): LegCall | undefined {
    return this.legs.get(leg)?.call
  }

  add(leg: LegId, parts: NewLeg): AsyncIterable<LegEvent> {
    const events = new Channel<LegEvent>(maxWaitingEvents, 'drop-oldest')
    this.legs.set(leg, { ...parts, events })
    return events
  }

  /** To be read once. Of a leg that is not known there are none. */
  events(leg: LegId): AsyncIterable<LegEvent> {
    const unread = this.unread.get(leg)
    unread?.timer[Symbol.dispose]()
    this.unread.delete(leg)
    const live = this.legs.get(leg)
    if (live) live.isRead = true
    return live?.events ?? unread?.events ?? eventsOf()
  }

  /** True when the event ended the leg. */
  deliver(leg: LegId, event: LegEvent): boolean {
    const entry = this.legs.get(leg)
    if (!entry) return false
    entry.events.push(event)
    if (event.type !== 'rejected' && event.type !== 'failed' && event.type !== 'bye') return false
    this.remove(leg)
    if (!entry.isRead) this.keepUnread(leg, entry.events)
    return true
  }

  /** The leg ends without an event. */
  remove(leg: LegId): void {
    const entry = this.legs.get(leg)
    this.legs.delete(leg)
    this.messages?.over(leg)
    entry?.place?.[Symbol.dispose]()
    entry?.events.close()
  }

  hangupAll(reason: string): void {
    for (const { call } of [...this.legs.values()]) call.hangup(reason)
  }

  /** What is left is over, and nobody will read of it. */
  [Symbol.dispose](): void {
    for (const leg of [...this.legs.keys()]) this.deliver(leg, { type: 'bye' })
    for (const { timer } of this.unread.values()) timer[Symbol.dispose]()
    this.unread.clear()
  }

  private keepUnread(leg: LegId, events: Channel<LegEvent>): void {
    const timer = this.clock.setTimer(this.clock.nowMs() + unreadMs, () => this.unread.delete(leg))
    this.unread.set(leg, { events, timer })
  }
}

/** All there is to tell of a leg that never was. */
export function eventsOf(...events: readonly LegEvent[]): AsyncIterable<LegEvent> {
  const channel = new Channel<LegEvent>(maxWaitingEvents, 'drop-oldest')
  for (const event of events) channel.push(event)
  channel.close()
  return channel
}
