import type { CallEvent, CallEventLog, CallId, EventPosition } from '@parley/core'
import type { LiveFeed, LiveListener } from '../src/events/live-feed.ts'

/** A journal in memory that follows by the rules of the port, for calls of any age. */
export class FakeEventLog implements CallEventLog {
  readonly stored: { readonly applicationId: number; readonly event: CallEvent }[] = []
  looks = 0
  /** How far back the last look went. */
  lookedSinceMs = 0
  failure: Error | undefined

  add(applicationId: number, ...events: readonly CallEvent[]): void {
    for (const event of events) this.stored.push({ applicationId, event })
  }

  async positions(applicationId: number, _sinceMs: number, atMs: number): Promise<Map<CallId, EventPosition>> {
    const own = this.stored.filter((entry) => entry.applicationId === applicationId && entry.event.wallMs < atMs)
    return new Map(own.map(({ event }) => [event.callId, { seq: event.seq }]))
  }

  async after({ applicationId, callId, positions, sinceMs, limit }: Parameters<CallEventLog['after']>[0]) {
    this.looks += 1
    this.lookedSinceMs = sinceMs
    if (this.failure) throw this.failure
    return this.stored
      .filter(({ applicationId: owner, event }) => owner === applicationId && (!callId || event.callId === callId))
      .map(({ event }) => event)
      .filter(({ callId: id, seq }) => seq > (positions.get(id)?.seq ?? -1))
      .slice(0, limit)
  }
}

/** A feed that tests speak into. */
export class FakeFeed implements LiveFeed {
  readonly listeners = new Set<LiveListener>()

  listen(listener: LiveListener): Disposable {
    this.listeners.add(listener)
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) }
  }

  stored(id: CallId): void {
    for (const listener of this.listeners) listener.stored(id)
  }

  words(applicationId: Parameters<LiveListener['words']>[0], id: CallId, text: string): void {
    for (const listener of this.listeners) listener.words(applicationId, id, text)
  }
}
