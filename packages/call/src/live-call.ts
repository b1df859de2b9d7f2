import type { Conversation, RestoredTalk } from '@parley/conversation'
import {
  type AssistantSpec,
  type CallId,
  type CallSpec,
  type ConversationEnd,
  type IncomingInvite,
  type LegId,
  type Logger,
  type MediaStream,
  type SkillGroup,
  type TransferRequester,
  toVoiceError,
  VoiceError,
} from '@parley/core'
import { MachineReply } from './answering-machine/machine-reply.ts'
import { askedGroup } from './asked-group.ts'
import { type CallCommand, type CallMachine, type CallMachineEvent, newCall, stepCall } from './call.ts'
import { qualityOf, recordingFact } from './call-facts.ts'
import type { CallHostOptions } from './call-host-options.ts'
import { CallKeys } from './call-keys.ts'
import { CallTalk } from './call-talk.ts'
import { CallTimers } from './call-timers.ts'
import { CallTransfers } from './call-transfers.ts'
import { CallerLeg } from './caller-leg.ts'
import type { JournalWriter } from './journal-writer.ts'
import { NextAgents } from './next-agents.ts'
import type { CallPrivacy } from './privacy/call-privacy.ts'
import { WhoAnswers } from './who-answers.ts'

/** The parts of one call, made before its first event. */
export interface CallParts {
  readonly spec: CallSpec
  readonly leg: LegId
  readonly media: MediaStream
  readonly recordingPath: string
  readonly privacy: CallPrivacy
  /** Makes the talk; again, with what was said so far, when it goes on after a failed transfer or with another agent. */
  converse(assistant: AssistantSpec, onUserWords: (text: string) => void, restored?: RestoredTalk): Conversation
}

type MachineInput = CallMachineEvent extends infer E ? (E extends { atMs: number } ? Omit<E, 'atMs'> : never) : never

/** One call in progress: feeds events to the call machine and carries out its commands, one event at a time. */
export class LiveCall {
  /** Resolves when the record is closed and everything is released. Never rejects. */
  readonly ended: Promise<void>
  private machine: CallMachine
  private resolveEnded: () => void = () => {}
  private readonly timers: CallTimers
  private readonly journal: JournalWriter
  private readonly leg: CallerLeg
  private readonly logger: Logger
  private readonly parts: CallParts
  private readonly options: CallHostOptions
  private readonly talk: CallTalk
  private readonly transfers = new CallTransfers()
  private readonly whoAnswers: WhoAnswers
  private readonly keys: CallKeys
  private readonly machineReply: MachineReply
  private readonly nextAgents: NextAgents
  /** Found, and about to take over. */
  private successor: AssistantSpec | undefined
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
    this.timers = new CallTimers(options.clock, (timer) => this.post({ type: 'timer.fired', timer }))
    const { clock, signalling } = options
    this.keys = new CallKeys({ clock, leg: parts.leg, signalling, write: (body) => journal.write(body) })
    this.whoAnswers = new WhoAnswers({
      spec: parts.spec,
      media: parts.media,
      host: options,
      logger: this.logger,
      onFinding: (finding) => this.post({ type: 'early.finding', finding }),
      onMachine: (evidence) => this.machineReply.answered(evidence),
    })
    const { assistant } = parts.spec
    this.nextAgents = new NextAgents({ spec: parts.spec, host: options, logger: this.logger })
    const converse = (speaker: AssistantSpec, restored?: RestoredTalk) =>
      parts.converse(speaker, (text) => this.whoAnswers.words(text), restored)
    this.talk = new CallTalk({ assistant, converse, onEnd: (end) => this.onTalkEnd(end), logger: this.logger })
    this.leg = new CallerLeg({
      ...parts,
      signalling,
      logger: this.logger,
      isAnswered: () => this.isAnswered,
      onEarlySession: (sdp) => this.whoAnswers.listenEarly(sdp),
      onKey: (key) => this.takeKeyByInfo(key),
      onEvent: (event) => this.post({ type: 'leg', event }),
    })
    this.machineReply = new MachineReply({
      host: options,
      media: parts.media,
      talk: this.talk,
      logger: this.logger,
      onDone: () => this.post({ type: 'machine.answered' }),
    })
    this.spawn(this.forwardMedia(), 'media events')
  }

  get callId(): CallId {
    return this.parts.spec.callId
  }

  /** The conversation, while there is somebody to talk with. */
  get talking(): Conversation | undefined {
    return this.machine.phase === 'answered' ? this.talk.current : undefined
  }

  post(input: MachineInput): void {
    const [machine, commands] = stepCall(this.machine, {
      ...input,
      atMs: this.options.clock.nowMs(),
    } as CallMachineEvent)
    this.machine = machine
    for (const command of commands) this.execute(command)
  }

  /** Presses keys to the caller; false when nobody has answered yet, or the call is over. */
  press(keys: string): boolean {
    if (!this.isAnswered) return false
    this.parts.media.sendDtmf(keys)
    return true
  }

  /** False: nothing is recorded yet, or any more. */
  pauseRecording(paused: boolean): boolean {
    if (!this.recorded || !this.isAnswered) return false
    if (!this.parts.privacy.setPaused(paused)) return true
    this.parts.media.pauseRecording(paused)
    this.journal.write({ type: paused ? 'recording.paused' : 'recording.resumed' })
    return true
  }

  /** Takes an incoming call: our SDP answer, or undefined when there is no common ground. */
  async answer(invite: IncomingInvite): Promise<string | undefined> {
    const { spec, media } = this.parts
    const { applicationId, caller, callee, trunk, direction } = spec
    const { agent } = spec.assistant
    const called = { applicationId, caller, callee, trunk, direction, ...(agent && { agent }) }
    this.journal.write({ type: 'call.incoming', ...called })
    this.spawn(this.leg.listen(), 'leg events')
    this.talk.current.prewarm()
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

  /** Lets go of everything that was made for a call which is not dialled; nothing is written. Never rejects. */
  async withdraw(): Promise<void> {
    // What its parts say while they are put down would be its end, and have a record.
    this.machine = { ...this.machine, phase: 'ended' }
    this.stopTalk()
    try {
      await this.talk.settled()
      await this.parts.media[Symbol.asyncDispose]()
    } catch (error) {
      this.logger.error('media of a call that was not dialled could not be closed', { error })
    } finally {
      this.resolveEnded()
    }
  }

  private execute(command: CallCommand): void {
    switch (command.type) {
      case 'journal':
        return this.journal.write(command.body)
      case 'leg.dial':
        this.spawn(this.leg.dial(), 'leg events')
        return this.talk.current.prewarm()
      case 'leg.hangup':
        return this.spawn(this.leg.hangup(), 'hang up')
      case 'talk.start':
        return this.spawn(this.startTalk(command.sdp), 'start of talk')
      case 'talk.stop':
        return this.stopTalk()
      case 'talk.pause':
        return this.pauseTalk(command.group)
      case 'talk.resume':
        return this.resumeTalk()
      case 'talk.handOver':
        return this.handOverTalk()
      case 'human.dial':
      case 'human.brief':
      case 'human.join':
      case 'human.refer':
      case 'human.hangup':
        return this.transfers.obey(command)
      case 'leg.refer':
        return this.spawn(this.leg.refer(command.uri), 'transfer')
      case 'timer.set':
        return this.timers.set(command.timer, command.atMs)
      case 'timer.clear':
        return this.timers.clear(command.timer)
      case 'finish':
        return this.spawn(this.finish(command), 'end of call')
      default:
        return command satisfies never
    }
  }

  private async startTalk(sdp: string | undefined): Promise<void> {
    const { media } = this.parts
    this.whoAnswers.answered()
    try {
      if (sdp !== undefined) await media.acceptAnswer(sdp)
      const { startedAtMs } = await media.start()
      this.recorded = true
      this.parts.privacy.begin(startedAtMs)
      this.writeMessages(false)
      this.journal.write({ type: 'recording.started', path: this.parts.recordingPath })
      if (this.talk.isStopped) return
      this.talk.start(media, startedAtMs)
      this.nextAgents.prepareFor(this.talk.assistant)
    } catch (error) {
      this.logger.warn('media could not be connected', { error })
      this.post({ type: 'media.failed', code: toVoiceError(error, 'MEDIA_BAD_SDP').code })
    }
  }

  private async forwardMedia(): Promise<void> {
    for await (const event of this.parts.media.events) {
      if (event.type === 'rtp.timeout') this.post({ type: 'media.failed', code: 'MEDIA_RTP_TIMEOUT' })
      else if (event.type === 'media.failed') this.post({ type: 'media.failed', code: event.code })
      else if (event.type === 'dtmf.signal') this.sendKey(event.key, event.durationMs)
      else if (event.type === 'dtmf' && !this.keys.heardInMedia(event.key)) continue
      this.whoAnswers.media(event)
      this.machineReply.media(event)
      this.transfers.heard(event)
      this.talk.post(event)
    }
  }

  /** A key that came by SIP INFO; those in RTP reach the conversation with the media events. */
  private takeKeyByInfo(key: string): void {
    const event = this.keys.heardBySignalling(key)
    if (!event) return
    this.transfers.sendKey(key)
    this.talk.post(event)
  }

  /** A key of ours that media cannot carry. */
  private sendKey(key: string, durationMs: number): void {
    this.spawn(this.keys.send(key, durationMs), 'key by signalling')
  }

  private get isAnswered(): boolean {
    return this.machine.phase === 'answered' || this.machine.phase === 'transferring'
  }

  private onTalkEnd(end: ConversationEnd): void {
    if (end.kind === 'transfer') this.requestTransfer(end.skillGroupId, 'assistant')
    else if (end.kind === 'handOver') this.spawn(this.findAgent(end.agentId), 'handing over')
    else this.post({ type: 'conversation.ended', end })
  }

  /** An agent that is not there is like a group that is not: the assistant is told that nobody took the call. */
  private async findAgent(agentId: number): Promise<void> {
    this.successor = await this.nextAgents.find(agentId)
    const agent = this.successor?.agent
    if (agent) this.post({ type: 'agent.found', agent })
    else this.requestTransfer(undefined, 'assistant')
  }

  private handOverTalk(): void {
    if (!this.successor) return
    this.whoAnswers.stop()
    this.talk.handOver(this.successor)
    this.nextAgents.prepareFor(this.successor)
  }

  /** A group that is not there has nobody in it: the assistant is told so and goes on. */
  requestTransfer(skillGroupId: number | undefined, by: TransferRequester): void {
    const { applicationId, trunk } = this.parts.spec
    const group = askedGroup(this.options.skillGroups, skillGroupId, applicationId)
    if (group.id !== skillGroupId) this.logger.warn('transfer to an unknown skill group', { skillGroupId })
    this.post({ type: 'transfer.request', group, by, trunk })
  }

  private pauseTalk(group: SkillGroup): void {
    const { spec, media, leg } = this.parts
    this.whoAnswers.stop()
    this.transfers.begin({
      callId: spec.callId,
      leg,
      assistant: this.talk.assistant,
      group,
      media,
      history: this.talk.pause(),
      host: this.options,
      logger: this.logger,
      nextGeneration: () => this.talk.nextGeneration(),
      tell: (event) => this.post(event),
      report: (body) => this.journal.write(body),
    })
  }

  private resumeTalk(): void {
    this.transfers.leave()
    this.talk.resume()
  }

  private stopTalk(): void {
    this.whoAnswers.stop()
    this.machineReply.stop()
    this.talk.stop()
  }

  private writeMessages(isLast: boolean): void {
    const messages = this.leg.takeMessages(isLast)
    if (messages.length > 0) this.journal.write({ type: 'signalling.messages', messages })
  }

  private async finish(command: Extract<CallCommand, { type: 'finish' }>): Promise<void> {
    this.timers[Symbol.dispose]()
    try {
      await this.talk.settled()
      await this.transfers.settled()
      const quality = this.recorded ? await qualityOf(this.parts.media) : undefined
      await this.parts.media[Symbol.asyncDispose]()
      const recording = this.recorded
        ? await recordingFact(this.options.recordings, this.parts.recordingPath)
        : undefined
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

  /** Background work whose failure ends the call instead of the process. */
  private spawn(work: Promise<unknown>, what: string): void {
    work.then(undefined, (error: unknown) => {
      this.logger.error('call task failed', { what, error })
      const code = error instanceof VoiceError ? error.code : 'INTERNAL'
      this.post({ type: 'media.failed', code })
    })
  }
}
