import type {
  AskRequest,
  ChatMessage,
  ConversationEnd,
  Generation,
  GreetingSpec,
  MediaEvent,
  MediaStream,
  Playout,
  SayRequest,
  SpeechSource,
} from '@parley/core'
import { History } from '../history/history.ts'
import type { RestoredTalk } from '../history/restore-history.ts'
import { produceReply, produceSpeech } from '../reply/produce.ts'
import { Utterance } from '../reply/utterance.ts'
import type { ReplyPrompt, TurnCommand, TurnEvent } from '../turn/events.ts'
import { phaseOf } from '../turn/phase.ts'
import { initialTurnState, type TurnRules, type TurnState } from '../turn/state.ts'
import { step } from '../turn/turn.ts'
import type { Conversation, ConversationOptions } from './conversation.ts'
import { Mailbox } from './mailbox.ts'
import { Recognition } from './recognition.ts'
import { type RenderedSpeech, renderSpeech } from './rendered-speech.ts'
import { TalkLog } from './talk-log.ts'
import { TimerBoard } from './timer-board.ts'

/** An event as its source tells it; the mailbox adds the instant. */
type Told = TurnEvent extends infer Event ? (Event extends TurnEvent ? Omit<Event, 'atMs'> : never) : never

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
  private readonly utterances = new Map<Generation, Utterance>()
  private readonly abort = new AbortController()
  private playout: Playout | undefined
  private greeting: RenderedSpeech | undefined
  private prewarmed = false
  private state: TurnState

  constructor(options: ConversationOptions) {
    const { clock, providers, restored, spec } = options
    this.options = options
    const ended = Promise.withResolvers<ConversationEnd>()
    this.ended = ended.promise
    this.end = ended.resolve
    this.rules = restored ? { ...spec, greeting: resumption(restored), greetingDelayMs: 0 } : spec
    this.talk = new History(restored?.messages)
    this.log = new TalkLog(this.talk, clock, (body) => options.report(body))
    this.state = initialTurnState(restored?.turns)
    this.mailbox = new Mailbox((event) => this.handle(event))
    this.timers = new TimerBoard(clock, (timer) => this.tell({ type: 'timer.fired', timer }))
    this.recognition = new Recognition({
      recognizer: providers.recognizer,
      spec: spec.recognition,
      clock,
      onTranscript: (transcript) => this.tell({ type: 'transcript', ...transcript }),
      onFailure: (code) => this.tell({ type: 'recognizer.failed', code }),
    })
  }

  get history(): readonly ChatMessage[] {
    return this.talk.messages
  }

  prewarm(): void {
    if (this.prewarmed) return
    this.prewarmed = true
    const { logger, providers, spec } = this.options
    const { recognizer, chatModel, synthesizer } = providers
    const warm = [recognizer.prewarm?.(spec.recognition), chatModel.prewarm?.(), synthesizer.prewarm?.()]
    for (const ready of warm) {
      ready?.catch((error: unknown) => logger.debug('prewarm failed', { error: String(error) }))
    }
    const { greeting } = this.rules
    if (greeting.kind === 'text')
      this.greeting = renderSpeech(synthesizer, greeting.text, this.language, this.abort.signal)
  }

  start(media: Pick<MediaStream, 'uplink' | 'playout'>, answeredAtMs: number): void {
    if (this.playout || this.abort.signal.aborted) return
    this.playout = media.playout
    this.log.begin(answeredAtMs)
    this.tell({ type: 'answered' })
    this.recognition.start(media.uplink)
  }

  post(event: MediaEvent): void {
    if (!this.playout) return
    switch (event.type) {
      case 'speech.started':
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
      // The owner of the call decides what a silent or lost stream means.
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

  private get language(): string {
    return this.options.spec.recognition.languages[0] ?? ''
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
        this.prepare(command.generation, command.prompt)
        break
      case 'reply.commit':
        this.utterances.get(command.generation)?.release()
        break
      case 'reply.hold':
        this.utterances.get(command.generation)?.hold()
        break
      case 'reply.discard':
        this.discard(command.generation)
        break
      case 'reply.cancel':
        this.utterances.get(command.generation)?.stop()
        this.log.cut(command.generation)
        break
      case 'say':
        this.speak(command)
        break
      case 'playout.flush':
        this.playout?.flush(command.generation)
        break
      case 'playout.duck':
        this.playout?.duck(command.gainDb)
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

  private prepare(generation: Generation, prompt: ReplyPrompt): void {
    const { providers, spec, random, clock } = this.options
    const utterance = this.open(generation, prompt.kind === 'greeting' ? 'greeting' : 'reply', true)
    if (!utterance) return
    const messages = this.talk.render(spec.instructions, prompt.kind === 'greeting' ? undefined : prompt.text)
    // The wire contract of `ask`: the model's side can tell an operator's words from the caller's.
    const headers = prompt.kind === 'ask' ? { headers: { 'X-Invoke-LLM': '1' } } : {}
    const options = { tools: spec.tools, requestId: random.uuid(), ...headers }
    void produceReply(utterance, { messages, options, language: this.language }, providers, clock)
  }

  private speak({ generation, source, text, remember }: TurnCommand & { readonly type: 'say' }): void {
    const utterance = this.open(generation, source, remember)
    if (!utterance) return
    const rendered =
      this.takeGreeting(source) ??
      renderSpeech(this.options.providers.synthesizer, text, this.language, utterance.signal)
    for (const sentence of rendered.sentences) utterance.addText(sentence)
    utterance.release()
    void produceSpeech(utterance, () => rendered.audio)
  }

  private takeGreeting(source: SpeechSource): RenderedSpeech | undefined {
    const { greeting } = this
    if (source !== 'greeting' || !greeting || greeting.failed) return undefined
    this.greeting = undefined
    return greeting
  }

  private open(generation: Generation, source: SpeechSource, remember: boolean): Utterance | undefined {
    if (!this.playout) return undefined
    const utterance = new Utterance({
      generation,
      source,
      remember,
      clock: this.options.clock,
      playout: this.playout,
      tell: (news) => this.tell({ ...news, generation }),
    })
    this.utterances.set(generation, utterance)
    this.log.add(utterance)
    return utterance
  }

  private discard(generation: Generation): void {
    const utterance = this.utterances.get(generation)
    // It slipped out between the decision and now: not a sample more.
    if (utterance?.audible) this.playout?.flush(generation)
    utterance?.stop()
    this.utterances.delete(generation)
  }

  private stop(): void {
    this.abort.abort()
    this.timers.clearAll()
    this.recognition.stop()
    for (const utterance of this.utterances.values()) utterance.stop()
  }
}

/** A talk that is taken over goes on where it was: an unanswered question is answered, else the user is listened to. */
function resumption({ messages }: RestoredTalk): GreetingSpec {
  return { kind: messages.at(-1)?.role === 'user' ? 'generate' : 'none' }
}
