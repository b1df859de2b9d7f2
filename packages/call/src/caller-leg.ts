import type { CallSpec, LegEvent, LegId, Logger, MediaStream, Signalling, SignallingMessage } from '@parley/core'
import { answerReoffer } from './answer-reoffer.ts'

export interface CallerLegOptions {
  readonly spec: CallSpec
  readonly leg: LegId
  readonly media: MediaStream
  readonly signalling: Signalling
  readonly logger: Logger
  isAnswered(): boolean
  /** The session of a provisional response; the leg's next event waits for it. */
  onEarlySession(sdp: string): Promise<void>
  onKey(key: string): void
  /** What is left once offers, keys and late answers were dealt with; `bye` when the leg is gone. */
  onEvent(event: Exclude<LegEvent, { type: 'reoffer' | 'dtmf' }>): void
}

/** Signalling of the leg with the caller: what it tells, and what it is told. */
export class CallerLeg {
  private readonly options: CallerLegOptions
  private readonly dialling = new AbortController()

  constructor(options: CallerLegOptions) {
    this.options = options
  }

  /** Calls, and follows the leg to its end. */
  dial(): Promise<void> {
    const { spec, leg, media, signalling } = this.options
    const { trunk, caller, callee } = spec
    return this.follow(signalling.dial({ leg, trunk, caller, callee, sdp: media.offer() }, this.dialling.signal))
  }

  /** Follows the leg of an incoming call to its end. */
  listen(): Promise<void> {
    const { signalling, leg } = this.options
    return this.follow(signalling.events(leg))
  }

  hangup(): Promise<void> {
    this.dialling.abort()
    return this.options.signalling.command(this.options.leg, { type: 'hangup' })
  }

  refer(uri: string): Promise<void> {
    return this.options.signalling.command(this.options.leg, { type: 'refer', uri })
  }

  /** For support: what was signalled since the last time. */
  takeMessages(isLast: boolean): readonly SignallingMessage[] {
    return this.options.signalling.takeMessages?.(this.options.leg, isLast) ?? []
  }

  private async follow(events: AsyncIterable<LegEvent>): Promise<void> {
    const { leg, media, signalling, logger, isAnswered, onEarlySession, onKey, onEvent } = this.options
    for await (const event of events) {
      if (event.type === 'reoffer') await answerReoffer(event, leg, media, signalling, logger)
      else if (event.type === 'dtmf') onKey(event.key)
      else if (event.type === 'answered' && isAnswered()) await this.takeLateAnswer(event.sdp)
      else {
        if (event.type === 'ringing' && event.sdp !== undefined) await onEarlySession(event.sdp)
        onEvent(event)
      }
    }
    onEvent({ type: 'bye' })
  }

  /** The answer to the offer we gave in a re-INVITE that had none. */
  private async takeLateAnswer(sdp: string): Promise<void> {
    try {
      await this.options.media.acceptAnswer(sdp)
    } catch (error) {
      this.options.logger.warn('answer to our offer refused', { error })
    }
  }
}
