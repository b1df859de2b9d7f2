import type { PcmChunk } from '@parley/core'

/** What was, or is to be, sent: audio, and the marks where a final was asked for. */
export type StreamItem = ({ readonly type: 'audio' } & PcmChunk) | { readonly type: 'finalize' }

/** 60 s: a service that has not given a final for that long will not be helped by more. */
const maxItems = 3_000

/**
 * Everything sent since the last final, so that a new connection can be given it again. Keeps the chunks it is given.
 * When full, the oldest is dropped.
 */
export class ReplayLog {
  items: StreamItem[] = []

  add(item: StreamItem): void {
    this.items.push(item)
    if (this.items.length > maxItems) this.items.shift()
  }

  keepLast(count: number): void {
    if (this.items.length > count) this.items.splice(0, this.items.length - count)
  }

  /** A final came: what lies before the oldest mark is done with. */
  settled(): void {
    const mark = this.items.findIndex((item) => item.type === 'finalize')
    this.items.splice(0, mark + 1)
  }
}
