import {
  type CallEventBody,
  type CallId,
  generation,
  type LegEvent,
  type LegId,
  type Logger,
  legId,
  type MediaStream,
  type SpeechSynthesizer,
  type TransferTarget,
} from '@parley/core'
import { Announcer } from './announcer.ts'
import { answerReoffer } from './answer-reoffer.ts'
import { teardownMs } from './call.ts'
import type { CallHostOptions } from './call-host-options.ts'
import type { HumanEvent } from './transfer.ts'

export interface HumanLegOptions {
  readonly callId: CallId
  readonly attempt: number
  readonly target: TransferTarget
  /** Media of the caller. */
  readonly caller: MediaStream
  readonly synthesizer: SpeechSynthesizer
  readonly language: string
  /** What the human hears first; undefined: nothing. */
  readonly summary: Promise<string | undefined>
  readonly host: CallHostOptions
  readonly logger: Logger
  tell(event: HumanEvent): void
  /** What the journal keeps of this leg. */
  report(body: CallEventBody): void
}

/** Our leg with one human who is asked to take a call over: its signalling, its media, and what is said on it. */
export class HumanLeg {
  /** Resolves when leg and media are gone, at most `teardownMs` after `hangup`. Never rejects. */
  readonly closed: Promise<void>
  private readonly options: HumanLegOptions
  private readonly leg: LegId
  private readonly over = new AbortController()
  private readonly briefing = new AbortController()
  private media: MediaStream | undefined
  private announcer: Announcer | undefined
  private spoken = 0
  private joined = false
  private resolveGivenUp: () => void = () => {}
  private teardown: Disposable | undefined

  constructor(options: HumanLegOptions) {
    this.options = options
    this.leg = legId(options.host.random.uuid())
    const givenUp = new Promise<void>((resolve) => {
      this.resolveGivenUp = resolve
    })
    this.closed = Promise.race([this.run(), givenUp]).then(() => this.release())
  }

  /** Takes the human's answer and tells the summary; `human.briefed` follows when it was heard. */
  async brief(sdp: string): Promise<void> {
    const { attempt, summary, tell } = this.options
    try {
      await this.media?.acceptAnswer(sdp)
      await this.media?.start()
    } catch (error) {
      this.fail('media of the human could not be connected', error)
      return
    }
    const text = await summary
    if (text !== undefined) await this.announcer?.say(text, this.briefing.signal)
    tell({ type: 'human.briefed', attempt })
  }

  /** Caller and human hear each other from now on; `human.joined` follows. */
  async join(): Promise<void> {
    const { attempt, caller, tell } = this.options
    this.briefing.abort()
    try {
      if (!this.media) throw new Error('the human has no media')
      await caller.bridgeTo(this.media)
      this.joined = true
      tell({ type: 'human.joined', attempt })
    } catch (error) {
      this.fail('caller and human could not be joined', error)
    }
  }

  /** The peer of `callerLeg` is asked to take our place in this leg; what it says comes as events of its own leg. */
  handTo(callerLeg: LegId): void {
    const { signalling } = this.options.host
    signalling.command(callerLeg, { type: 'refer.into', leg: this.leg }).catch((error: unknown) => {
      this.fail('a caller could not be referred to a human', error)
    })
  }

  /** A key of the caller that came by signalling. */
  sendKey(key: string): void {
    if (this.joined) this.media?.sendDtmf(key)
  }

  /** Idempotent. */
  hangup(): void {
    if (this.over.signal.aborted) return
    const { clock, signalling } = this.options.host
    this.briefing.abort()
    this.over.abort()
    this.teardown = clock.setTimer(clock.nowMs() + teardownMs, () => this.resolveGivenUp())
    signalling.command(this.leg, { type: 'hangup' }).catch((error: unknown) => {
      this.options.logger.error('the human could not be hung up', { error })
    })
  }

  private async run(): Promise<void> {
    const { callId, attempt, target, caller, host, tell } = this.options
    try {
      const media = await host.media.open({
        advertisedHost: host.advertisedHost,
        ...host.mediaOf(target.trunk),
        callId,
        farFieldSuppression: 0,
        beside: caller,
      })
      this.media = media
      if (this.over.signal.aborted) return
      // Last of all: the INVITE has to leave in the slot that comes with the line.
      if (!(await this.takeLine())) {
        tell({ type: 'human.noLine', attempt })
        return
      }
      this.announcer = this.announcerOn(media)
      void this.followMedia(media)
      const request = { leg: this.leg, trunk: target.trunk, caller: target.caller, callee: target.callee }
      const events = host.signalling.dial({ ...request, sdp: media.offer() }, this.over.signal)
      for await (const event of events) await this.onLegEvent(event, media)
      tell({ type: 'human.leg', attempt, event: { type: 'bye' } })
    } catch (error) {
      this.fail('a human could not be called', error)
    }
  }

  /** Without its store the limits are not known; a caller who waits for a human is not left without one for that. */
  private async takeLine(): Promise<boolean> {
    const { callId, attempt, target, host, logger } = this.options
    const { trunk, caller } = target
    try {
      return await host.lines.take({ callId, attempt, trunk, caller }, this.over.signal)
    } catch (error) {
      logger.warn('a human is called without asking for a line', { attempt, error })
      return true
    }
  }

  private async onLegEvent(event: LegEvent, media: MediaStream): Promise<void> {
    const { attempt, caller, host, logger, tell } = this.options
    switch (event.type) {
      case 'reoffer':
        return answerReoffer(event, this.leg, media, host.signalling, logger)
      case 'dtmf':
        if (this.joined) caller.sendDtmf(event.key)
        return
      case 'reoffer.answered':
      case 'reoffer.refused':
      case 'transfer':
        return
      case 'ringing':
      case 'answered':
      case 'rejected':
      case 'failed':
      case 'bye':
        return tell({ type: 'human.leg', attempt, event })
      default:
        return event satisfies never
    }
  }

  private announcerOn({ playout }: MediaStream): Announcer {
    const { synthesizer, language, host } = this.options
    const nextGeneration = () => {
      this.spoken += 1
      return generation(this.spoken)
    }
    return new Announcer({ synthesizer, playout, clock: host.clock, language, nextGeneration })
  }

  private async followMedia(media: MediaStream): Promise<void> {
    for await (const event of media.events) {
      if (event.type === 'playout.finished') this.announcer?.finished(event.generation)
      if (event.type === 'rtp.timeout' || event.type === 'media.failed') this.fail('the human is not heard any more')
    }
  }

  private fail(what: string, error?: unknown): void {
    this.options.logger.warn(what, { attempt: this.options.attempt, ...(error === undefined ? {} : { error }) })
    this.options.tell({ type: 'human.lost', attempt: this.options.attempt })
  }

  private async release(): Promise<void> {
    this.teardown?.[Symbol.dispose]()
    this.briefing.abort()
    const messages = this.options.host.signalling.takeMessages?.(this.leg, true) ?? []
    if (messages.length > 0) this.options.report({ type: 'signalling.messages', messages })
    try {
      await this.media?.[Symbol.asyncDispose]()
    } catch (error) {
      this.options.logger.error('media of a human could not be closed', { error })
    }
  }
}
