import type { Conversation } from '@parley/conversation'
import {
  type CallId,
  type CallQuality,
  type CallSpec,
  type IncomingInvite,
  type LegEvent,
  type LegId,
  type Logger,
  type MediaStream,
  type RecordingFact,
  toVoiceError,
  VoiceError,
} from '@parley/core'
import { MachineWatcher } from './answering-machine/machine-watcher.ts'
import { type CallCommand, type CallMachine, type CallMachineEvent, type CallTimer, newCall, stepCall } from './call.ts'
import type { CallHostOptions } from './call-host-options.ts'
import { callQuality } from './call-quality.ts'
import { EarlyMedia } from './early/early-media.ts'
import type { JournalWriter } from './journal-writer.ts'

/** The parts of one call, made before its first event. */
export interface CallParts {
  readonly spec: CallSpec
  readonly leg: LegId
  readonly media: MediaStream
  readonly conversation: Conversation
  readonly recordingPath: string
}

type MachineInput = CallMachineEvent extends infer E ? (E extends { atMs: number } ? Omit<E, 'atMs'> : never) : never

/** One call in progress: feeds events to the call machine and carries out its commands, one event at a time. */
export class LiveCall {
  /** Resolves when the record is closed and everything is released. Never rejects. */
  readonly ended: Promise<void>
  private machine: CallMachine
  private resolveEnded: () => void = () => {}
  private readonly timers = new Map<CallTimer, Disposable>()
  private readonly journal: JournalWriter
  private readonly dialling = new AbortController()
  private readonly logger: Logger
  private readonly parts: CallParts
  private readonly options: CallHostOptions
  private early: EarlyMedia | undefined
  private machineWatcher: MachineWatcher | undefined
  private talkStopped: PromiseLike<void> | undefined
  private recorded = false

  constructor(parts: CallParts, journal: JournalWriter, options: CallHostOptions) {
    this.parts = parts
    this.options = options
    this.machine = newCall(parts.spec.limits)
    this.logger = options.logger.child({ callId: parts.spec.callId })
    this.journal = journal
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve
    })
    void parts.conversation.ended.then((end) => this.post({ type: 'conversation.ended', end }))
    this.spawn(this.forwardMedia(), 'media events')
  }

  get callId(): CallId {
    return this.parts.spec.callId
  }

  /** The conversation, while there is somebody to talk with. */
  get talking(): Conversation | undefined {
    return this.machine.phase === 'answered' ? this.parts.conversation : undefined
  }

  post(input: MachineInput): void {
    const [machine, commands] = stepCall(this.machine, {
      ...input,
      atMs: this.options.clock.nowMs(),
    } as CallMachineEvent)
    this.machine = machine
    for (const command of commands) this.execute(command)
  }

  /** Takes an incoming call: our SDP answer, or undefined when there is no common ground. */
  async answer(invite: IncomingInvite): Promise<string | undefined> {
    const { spec, media, leg, conversation } = this.parts
    const { applicationId, caller, callee, trunk, direction } = spec
    this.journal.write({ type: 'call.incoming', applicationId, caller, callee, trunk, direction })
    this.spawn(this.followEvents(this.options.signalling.events(leg)), 'leg events')
    conversation.prewarm()
    // An INVITE without an offer gets ours; its answer comes with the ACK, as an `answered` event. RFC 3261 13.2.1
    if (invite.sdp === undefined) return media.offer()
    try {
      const { sdp } = await media.answerOffer(invite.sdp)
      this.post({ type: 'accept' })
      return sdp
    } catch (error) {
      this.logger.warn('offer refused', { error })
      this.post({ type: 'media.failed', code: toVoiceError(error, 'MEDIA_BAD_SDP').code })
      return undefined
    }
  }

  private execute(command: CallCommand): void {
    switch (command.type) {
      case 'journal':
        return this.journal.write(command.body)
      case 'leg.dial':
        return this.dial()
      case 'leg.hangup':
        this.dialling.abort()
        return this.spawn(this.options.signalling.command(this.parts.leg, { type: 'hangup' }), 'hang up')
      case 'talk.start':
        return this.spawn(this.startTalk(command.sdp), 'start of talk')
      case 'talk.stop':
        return this.stopTalk()
      case 'timer.set':
        this.timers.get(command.timer)?.[Symbol.dispose]()
        this.timers.set(
          command.timer,
          this.options.clock.setTimer(command.atMs, () => this.post({ type: 'timer.fired', timer: command.timer })),
        )
        return
      case 'timer.clear':
        this.timers.get(command.timer)?.[Symbol.dispose]()
        this.timers.delete(command.timer)
        return
      case 'finish':
        return this.spawn(this.finish(command), 'end of call')
      default:
        return command satisfies never
    }
  }

  private dial(): void {
    const { spec, leg, media, conversation } = this.parts
    conversation.prewarm()
    const request = { leg, trunk: spec.trunk, caller: spec.caller, callee: spec.callee, sdp: media.offer() }
    this.spawn(this.followEvents(this.options.signalling.dial(request, this.dialling.signal)), 'leg events')
  }

  private async followEvents(events: AsyncIterable<LegEvent>): Promise<void> {
    for await (const event of events) {
      if (event.type === 'reoffer') await this.answerReoffer(event.id, event.sdp)
      else if (event.type === 'dtmf') this.takeKeyByInfo(event.key)
      else if (event.type === 'answered' && this.talking) await this.takeLateAnswer(event.sdp)
      else {
        if (event.type === 'ringing' && event.sdp !== undefined) await this.listenEarly(event.sdp)
        this.post({ type: 'leg', event })
      }
    }
    this.post({ type: 'leg', event: { type: 'bye' } })
  }

  private async answerReoffer(id: number, sdp: string | undefined): Promise<void> {
    const { signalling } = this.options
    const { leg, media } = this.parts
    try {
      const answer = sdp === undefined ? media.offer() : (await media.answerOffer(sdp)).sdp
      await signalling.command(leg, { type: 'reanswer', id, sdp: answer })
    } catch (error) {
      this.logger.warn('re-offer refused', { error })
      await signalling.command(leg, { type: 'refuse', id, status: 488 })
    }
  }

  /** The answer to the offer we gave in a re-INVITE that had none. */
  private async takeLateAnswer(sdp: string): Promise<void> {
    try {
      await this.parts.media.acceptAnswer(sdp)
    } catch (error) {
      this.logger.warn('answer to our offer refused', { error })
    }
  }

  /** Announcements and tones before the answer. */
  private async listenEarly(sdp: string): Promise<void> {
    const { spec, media } = this.parts
    const { providers, mediaOf } = this.options
    const { earlyMedia = 'tones' } = mediaOf(spec.trunk)
    if (earlyMedia === 'ignore' || this.machine.phase === 'ending') return
    const { recognition } = spec.assistant
    this.early ??= new EarlyMedia({
      media,
      recognition,
      logger: this.logger,
      ...(earlyMedia === 'words' ? { recognizer: providers.recognizer(recognition) } : {}),
      onFinding: (finding) => this.post({ type: 'early.finding', finding }),
    })
    await this.early.listen(sdp)
  }

  /** What the one who answered says, as it is recognised. */
  heardWords(text: string): void {
    this.machineWatcher?.words(text)
  }

  private watchForMachine(): void {
    if (!this.parts.spec.assistant.hangUpOnMachine) return
    this.machineWatcher = new MachineWatcher(this.options.clock, (evidence) => {
      this.logger.info('a machine answered', { evidence })
      this.post({ type: 'machine.answered' })
    })
  }

  private async startTalk(sdp: string | undefined): Promise<void> {
    const { media, conversation } = this.parts
    this.early?.stop()
    try {
      if (sdp !== undefined) await media.acceptAnswer(sdp)
      const { startedAtMs } = await media.start()
      this.recorded = true
      this.writeMessages(false)
      this.journal.write({ type: 'recording.started', path: this.parts.recordingPath })
      if (this.talkStopped !== undefined) return
      this.watchForMachine()
      conversation.start(media, startedAtMs)
    } catch (error) {
      this.logger.warn('media could not be connected', { error })
      this.post({ type: 'media.failed', code: toVoiceError(error, 'MEDIA_BAD_SDP').code })
    }
  }

  private async forwardMedia(): Promise<void> {
    for await (const event of this.parts.media.events) {
      if (event.type === 'rtp.timeout') this.post({ type: 'media.failed', code: 'MEDIA_RTP_TIMEOUT' })
      else if (event.type === 'media.failed') this.post({ type: 'media.failed', code: event.code })
      else if (event.type === 'dtmf') this.heardKey(event.key)
      else if (event.type === 'tone') this.early?.tone(event.tone)
      this.machineWatcher?.media(event)
      this.parts.conversation.post(event)
    }
  }

  /** A key that came by SIP INFO; those in RTP reach the conversation with the media events. */
  private takeKeyByInfo(key: string): void {
    this.heardKey(key)
    this.parts.conversation.post({ type: 'dtmf', atMs: this.options.clock.nowMs(), key, durationMs: 0 })
  }

  private heardKey(key: string): void {
    this.journal.write({ type: 'dtmf', key, atMs: this.options.clock.wallMs() })
  }

  private stopTalk(): void {
    this.early?.stop()
    this.machineWatcher?.stop()
    this.talkStopped ??= this.parts.conversation[Symbol.asyncDispose]().then(undefined, (error: unknown) =>
      this.logger.error('the conversation could not be closed', { error }),
    )
  }

  /** For support: what was signalled since the last time. */
  private writeMessages(isLast: boolean): void {
    const messages = this.options.signalling.takeMessages?.(this.parts.leg, isLast) ?? []
    if (messages.length > 0) this.journal.write({ type: 'signalling.messages', messages })
  }

  private async finish(command: Extract<CallCommand, { type: 'finish' }>): Promise<void> {
    for (const timer of this.timers.values()) timer[Symbol.dispose]()
    try {
      await this.talkStopped
      const quality = this.recorded ? await this.quality() : undefined
      await this.parts.media[Symbol.asyncDispose]()
      const recording = this.recorded ? await this.recordingFact() : undefined
      this.writeMessages(true)
      this.journal.write({
        type: 'call.ended',
        outcome: command.outcome,
        ...(recording ? { recording } : {}),
        ...(quality ? { quality } : {}),
      })
      await this.journal.flush()
    } catch (error) {
      this.logger.error('the call could not be closed cleanly', { error })
      this.journal.write({ type: 'call.ended', outcome: command.outcome })
      await this.journal.flush()
    } finally {
      this.logger.info('call ended', { outcome: command.outcome })
      this.resolveEnded()
    }
  }

  private async quality(): Promise<CallQuality | undefined> {
    try {
      return callQuality(await this.parts.media.statistics())
    } catch {
      // The media worker is gone, and its figures with it.
      return undefined
    }
  }

  private async recordingFact(): Promise<RecordingFact | undefined> {
    const path = this.parts.recordingPath
    const file = await this.options.recordings.stat(path)
    if (file === undefined) return undefined
    return { path, bytes: file.bytes, durationMs: Math.round((file.bytes - wavHeaderBytes) / stereoBytesPerMs) }
  }

  /** Background work whose failure ends the call instead of the process. */
  private spawn(work: Promise<unknown>, what: string): void {
    work.then(undefined, (error: unknown) => {
      this.logger.error('call task failed', { what, error })
      const code = error instanceof VoiceError ? error.code : 'INTERNAL'
      this.post({ type: 'media.failed', code })
    })
  }
}

const wavHeaderBytes = 44
/** 8 kHz, two channels, 16 bits. */
const stereoBytesPerMs = 32
