import type {
  AssistantSpec,
  ChatModel,
  Clock,
  Generation,
  Playout,
  Random,
  SpeechSource,
  SpeechSynthesizer,
} from '@parley/core'
import type { History } from '../history/history.ts'
import { sentencesOf } from '../reply/chunker.ts'
import { produceReply, produceSpeech } from '../reply/produce.ts'
import { Utterance } from '../reply/utterance.ts'
import type { ReplyPrompt, TurnCommand, TurnEvent } from '../turn/events.ts'
import { type RenderedSpeech, renderSpeech } from './rendered-speech.ts'
import type { TalkLog } from './talk-log.ts'

/** An event as its source tells it; the mailbox adds the instant. */
export type Told = TurnEvent extends infer Event ? (Event extends TurnEvent ? Omit<Event, 'atMs'> : never) : never

/** Commands about what the assistant says. */
export type MouthCommand = Extract<TurnCommand, { readonly type: `reply.${string}` | `playout.${string}` | 'say' }>

export interface MouthOptions {
  readonly spec: AssistantSpec
  readonly providers: { readonly chatModel: ChatModel; readonly synthesizer: SpeechSynthesizer }
  readonly clock: Clock
  readonly random: Random
  readonly history: History
  readonly log: TalkLog
  tell(event: Told): void
}

/** Everything the assistant says: prepares, holds, releases, pauses and drops utterances as the reducer commands. */
export class Mouth {
  private readonly options: MouthOptions
  private readonly utterances = new Map<Generation, Utterance>()
  private readonly abort = new AbortController()
  private playout: Playout | undefined
  private greeting: RenderedSpeech | undefined

  constructor(options: MouthOptions) {
    this.options = options
  }

  /**
   * While ringing: a `greeting` in words is rendered, so that its first packet leaves right after the answer; whatever
   * else is certain to be said in these words some day is spoken ahead.
   */
  prewarm(greeting: string | undefined): void {
    const { synthesizer } = this.options.providers
    if (greeting !== undefined) {
      this.greeting = renderSpeech(synthesizer, greeting, this.language, this.abort.signal)
    }
    const { filler, silencePrompt, apology } = this.options.spec.turn
    const fixed = [...(filler?.words ?? []), silencePrompt?.text ?? '', apology]
    const { language } = this
    synthesizer.prepare?.(fixed.flatMap((text) => sentencesOf(text, { language }).map(({ spoken }) => spoken)))
  }

  /** From now on there is somebody to speak to. */
  open(playout: Playout): void {
    this.playout = playout
  }

  obey(command: MouthCommand): void {
    const { playout } = this
    if (!playout) return
    switch (command.type) {
      case 'reply.speculate':
        return this.prepare(command.generation, command.prompt, playout)
      case 'reply.commit':
        return this.utterances.get(command.generation)?.release()
      case 'reply.hold':
        return this.utterances.get(command.generation)?.hold()
      case 'reply.discard':
        return this.discard(command.generation, playout)
      case 'reply.cancel':
        this.utterances.get(command.generation)?.stop()
        return this.options.log.cut(command.generation)
      case 'say':
        return this.say(command, playout)
      case 'playout.flush':
        return playout.flush(command.generation)
      case 'playout.duck':
        return playout.duck(command.gainDb)
      case 'playout.pause':
        return playout.pause(command.generation)
      case 'playout.resume':
        return this.resume(command.generation, playout)
      case 'playout.check':
        return this.check(command.generation)
      default:
        return command satisfies never
    }
  }

  stop(): void {
    this.abort.abort()
    for (const utterance of this.utterances.values()) utterance.stop()
  }

  private get language(): string {
    return this.options.spec.recognition.languages[0] ?? ''
  }

  private prepare(generation: Generation, prompt: ReplyPrompt, playout: Playout): void {
    const { providers, spec, random, clock, history } = this.options
    const utterance = this.begin(generation, prompt.kind === 'greeting' ? 'greeting' : 'reply', true, playout)
    const messages = history.render(spec.instructions, prompt.kind === 'greeting' ? undefined : prompt.text)
    // The wire contract of `ask`: the model's side can tell an operator's words from the caller's.
    const headers = prompt.kind === 'ask' ? { headers: { 'X-Invoke-LLM': '1' } } : {}
    // Who opens the talk, or takes it up again, does not hand the caller over at once.
    const tools = prompt.kind === 'greeting' ? spec.tools.filter(({ kind }) => kind === 'endCall') : spec.tools
    const options = { tools, requestId: random.uuid(), ...headers }
    void produceReply(utterance, { messages, options, language: this.language }, providers, clock)
  }

  private say(command: MouthCommand & { readonly type: 'say' }, playout: Playout): void {
    const { generation, source, text, remember, audio } = command
    const utterance = this.begin(generation, source, remember, playout)
    if (audio) {
      utterance.release()
      utterance.addAudio({ samples: audio, item: 0 })
      return utterance.finish()
    }
    const { synthesizer } = this.options.providers
    const rendered = this.takeGreeting(source) ?? renderSpeech(synthesizer, text, this.language, utterance.signal)
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

  private begin(generation: Generation, source: SpeechSource, remember: boolean, playout: Playout): Utterance {
    const { clock, log, tell } = this.options
    const utterance = new Utterance({
      generation,
      source,
      remember,
      clock,
      playout,
      tell: (news) => tell({ ...news, generation }),
    })
    this.utterances.set(generation, utterance)
    log.add(utterance)
    return utterance
  }

  private resume(generation: Generation, playout: Playout): void {
    const utterance = this.utterances.get(generation)
    if (utterance) playout.resume(generation, utterance.rewind())
  }

  private check(generation: Generation): void {
    const unplayedSamples = this.utterances.get(generation)?.unplayedSamples ?? 0
    this.options.tell({ type: 'playout.checked', generation, unplayedSamples })
  }

  private discard(generation: Generation, playout: Playout): void {
    const utterance = this.utterances.get(generation)
    if (!utterance) return
    // It slipped out between the decision and now: not a sample more.
    if (utterance.audible) playout.flush(generation)
    utterance.stop()
    this.utterances.delete(generation)
    this.options.tell({ type: 'reply.wasted', tokens: utterance.tokens })
  }
}
