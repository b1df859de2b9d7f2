import type {
  AskRequest,
  AssistantSpec,
  ChatMessage,
  ConversationEnd,
  MediaEvent,
  MediaStream,
  SayRequest,
} from '@parley/core'
import { History } from '../history/history.ts'
import type { RestoredTalk } from '../history/restore-history.ts'
import type { TurnCommand, TurnEvent } from '../turn/events.ts'
import { phaseOf } from '../turn/phase.ts'
import { initialTurnState, type TurnRules, type TurnState } from '../turn/state.ts'
import { step } from '../turn/turn.ts'
import type { Conversation, ConversationOptions } from './conversation.ts'
import { Mailbox } from './mailbox.ts'
import { Mouth, type Told } from './mouth.ts'
import { PauseJudge } from './pause-judge.ts'
import { Recognition } from './recognition.ts'
import { TalkLog } from './talk-log.ts'
import { TimerBoard } from './timer-board.ts'

/** Lets the reducer decide and obeys its commands. */
export class ConversationDriver implements Conversation {
  readonly ended: Promise<ConversationEnd>
  private readonly end: (end: ConversationEnd) => void
  private readonly options: ConversationOptions
  private readonly rules: TurnRules
  private readonly talk: History
  private readonly log: TalkLog
  private readonly mailbox: Mailbox<Told>
  private readonly timers: TimerBoard
  private readonly recognition: Recognition
  private readonly mouth: Mouth
  private readonly abort = new AbortController()
  private readonly judge: PauseJudge | undefined
  private started = false
  private prewarmed = false
  private state: TurnState

  constructor(options: ConversationOptions) {
    const { clock, providers, restored, spec } = options
    this.options = options
    const ended = Promise.withResolvers<ConversationEnd>()
    this.ended = ended.promise
    this.end = ended.resolve
    const { endOfTurnModel } = providers
    this.rules = {
      ...spec,
      ...(restored && resumed(restored, spec)),
      endOfTurnModel: endOfTurnModel !== undefined,
    }
    if (endOfTurnModel) {
      const tellScore = (probability: number) => this.tell({ type: 'endOfTurn.scored', probability })
      this.judge = new PauseJudge(endOfTurnModel, options.logger, tellScore)
    }
    this.talk = new History(restored?.messages, restored?.note)
    this.log = new TalkLog(this.talk, clock, (body) => options.report(body))
    this.mouth = new Mouth({
      spec,
      providers,
      clock,
      random: options.random,
      history: this.talk,
      log: this.log,
      tell: (event) => this.tell(event),
    })
    this.state = initialTurnState(restored?.turns, restored?.generation)
    this.mailbox = new Mailbox((event) => this.handle(event))
    this.timers = new TimerBoard(clock, (timer) => this.tell({ type: 'timer.fired', timer }))
    this.recognition = new Recognition({
      recognizer: providers.recognizer,
      spec: spec.recognition,
      clock,
      onTranscript: (transcript) => {
        const { text, fromMs, toMs } = transcript
        options.onUserWords?.(text, {
          fromMs: this.recognition.clockOf(fromMs),
          toMs: this.recognition.clockOf(toMs),
        })
        this.tell({ type: 'transcript', ...transcript })
      },
      onTurnHint: ({ state }) => this.tell({ type: 'transcript.turn', state }),
      onAudio: (chunk) => this.judge?.hear(chunk),
      onFailure: (code) => this.tell({ type: 'recognizer.failed', code }),
    })
  }

  get history(): readonly ChatMessage[] {
    return this.talk.messages
  }

  get progress(): { readonly turns: number; readonly generation: number } {
    return { turns: this.state.turn, generation: this.state.generation }
  }

  prewarm(): void {
    if (this.prewarmed) return
    this.prewarmed = true
    const { providers, spec } = this.options
    this.warm(providers.recognizer.prewarm?.(spec.recognition))
    this.warm(providers.chatModel.prewarm?.())
    this.warm(providers.synthesizer.prewarm?.())
    const { greeting } = this.rules
    this.mouth.prewarm(greeting.kind === 'text' ? greeting.text : undefined)
  }

  start(media: Pick<MediaStream, 'uplink' | 'playout'>, answeredAtMs: number): void {
    if (this.started || this.abort.signal.aborted) return
    this.started = true
    this.mouth.open(media.playout)
    this.log.begin(answeredAtMs)
    this.tell({ type: 'answered' })
    this.recognition.start(media.uplink)
  }

  post(event: MediaEvent): void {
    if (!this.started) return
    switch (event.type) {
      case 'speech.started':
        // A connection that idled away meanwhile is opened again before it is needed.
        this.warm(this.options.providers.chatModel.prewarm?.())
        this.recognition.mark({ type: event.type, mediaMs: event.mediaMs })
        this.tell(event)
        break
      case 'speech.suspected':
        this.tell({ type: event.type })
        break
      case 'speech.stopped':
        this.recognition.mark({ type: event.type, mediaMs: event.mediaMs })
        this.tell(event)
        break
      case 'dtmf':
        this.tell({ type: 'dtmf', key: event.key })
        break
      case 'playout.started':
        this.log.started(event.generation, event.atMs)
        this.tell({ type: 'playout.started', generation: event.generation, firstPacketAtMs: event.atMs })
        break
      case 'playout.progress': {
        const heard = this.log.played(event.generation, event.playedSamples)
        this.tell({ ...event, heard })
        break
      }
      case 'playout.finished': {
        const heard = this.log.finished(event.generation, event.playedSamples)
        this.tell({ type: 'playout.finished', generation: event.generation, heard })
        break
      }
      case 'hold.started':
      case 'hold.ended':
        this.tell({ type: event.type })
        break
      // The owner of the call decides what a tone, a silent or a lost stream means, and sends keys.
      case 'tone':
      case 'dtmf.signal':
      case 'rtp.timeout':
      case 'rtp.resumed':
      case 'media.failed':
        break
      default:
        event satisfies never
    }
  }

  say(request: SayRequest): void {
    this.tell({ type: 'control.say', request })
  }

  ask(request: AskRequest): void {
    this.tell({ type: 'control.ask', request })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.abort.signal.aborted) return
    this.tell({ type: 'closed' })
    this.log.close()
    this.mailbox.close()
    this.stop()
  }

  private warm(ready: Promise<void> | undefined): void {
    ready?.catch((error: unknown) => this.options.logger.debug('prewarm failed', { error: String(error) }))
  }

  private tell(event: Told): void {
    this.mailbox.post(event)
  }

  private handle(told: Told): void {
    const { clock, logger } = this.options
    const event: TurnEvent = { ...told, atMs: clock.nowMs() }
    try {
      const [state, commands] = step(this.state, event, this.rules)
      const before = phaseOf(this.state)
      this.state = state
      if (before !== phaseOf(state)) logger.debug('phase changed', { from: before, to: phaseOf(state), on: event.type })
      for (const command of commands) this.obey(command)
      if (state.speech) this.log.setTurn(state.speech.generation, state.speech.turn)
    } catch (error) {
      logger.error('conversation failed', { event: event.type, error: String(error) })
      this.mailbox.close()
      this.stop()
      this.end({ kind: 'failed', code: 'INTERNAL' })
    }
  }

  private obey(command: TurnCommand): void {
    const { report } = this.options
    switch (command.type) {
      case 'reply.speculate':
      case 'reply.commit':
      case 'reply.hold':
      case 'reply.discard':
      case 'reply.cancel':
      case 'say':
      case 'playout.flush':
      case 'playout.duck':
      case 'playout.pause':
      case 'playout.resume':
      case 'playout.check':
        this.mouth.obey(command)
        break
      case 'endOfTurn.score':
        this.judge?.score()
        break
      case 'recognizer.restart':
        this.recognition.restart()
        break
      case 'talk.repaired':
        report({ type: 'talk.repaired', fault: command.fault })
        break
      case 'history.user':
        this.log.userSaid(command)
        break
      case 'turn.complete':
        this.log.completed(command.timings)
        break
      case 'provider.failed':
        report({ type: 'provider.failed', stage: command.stage, code: command.code })
        break
      case 'timer.set':
        this.timers.set(command.timer, command.atMs)
        break
      case 'timer.clear':
        this.timers.clear(command.timer)
        break
      case 'call.end':
        this.end(command.end)
        this.recognition.stop()
        break
      default:
        command satisfies never
    }
  }

  private stop(): void {
    this.abort.abort()
    this.timers.clearAll()
    this.recognition.stop()
    this.judge?.stop()
    this.mouth.stop()
  }
}

/**
 * A talk that is taken over goes on where it was: the new assistant opens it, or an unanswered question is answered, else
 * the user is listened to.
 */
function resumed(
  { messages, note, opening }: RestoredTalk,
  { greetingInterruptible }: AssistantSpec,
): Pick<TurnRules, 'greeting' | 'greetingDelayMs' | 'greetingInterruptible'> {
  if (opening) return { greeting: opening, greetingDelayMs: 0, greetingInterruptible }
  const isAsked = note !== undefined || messages.at(-1)?.role === 'user'
  return { greeting: { kind: isAsked ? 'generate' : 'none' }, greetingDelayMs: 0, greetingInterruptible: true }
}
