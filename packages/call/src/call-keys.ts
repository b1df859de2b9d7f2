import type { CallEventBody, Clock, LegId, MediaEvent, Signalling } from '@parley/core'
import { KeyDedupe } from './key-dedupe.ts'

export interface CallKeysOptions {
  readonly clock: Clock
  readonly leg: LegId
  readonly signalling: Signalling
  write(body: CallEventBody): void
}

/** The keys of a call, whichever way they come, each once; and ours where only signalling can carry them. */
export class CallKeys {
  private readonly options: CallKeysOptions
  private readonly copies = new KeyDedupe()

  constructor(options: CallKeysOptions) {
    this.options = options
  }

  /** False: it is a copy of one that came another way. */
  heardInMedia(key: string): boolean {
    return this.isNew(key, 'media')
  }

  /** As the media event of the same key; undefined for a copy. */
  heardBySignalling(key: string): MediaEvent | undefined {
    const atMs = this.options.clock.nowMs()
    return this.isNew(key, 'signalling') ? { type: 'dtmf', atMs, key, durationMs: 0 } : undefined
  }

  send(key: string, durationMs: number): Promise<void> {
    return this.options.signalling.command(this.options.leg, { type: 'dtmf', key, durationMs })
  }

  private isNew(key: string, source: 'media' | 'signalling'): boolean {
    const { clock, write } = this.options
    if (!this.copies.isNew(key, source, clock.nowMs())) return false
    write({ type: 'dtmf', key, atMs: clock.wallMs() })
    return true
  }
}
