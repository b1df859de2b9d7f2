import type { AssistantSpec, CallEventBody, ConversationEnd, EndOfTurnModel, TurnPolicy } from '@parley/core'
import { callId, Secret, silentLogger } from '@parley/core'
import {
  FakeMedia,
  ScriptedChatModel,
  type ScriptedChatModelOptions,
  ScriptedRecognizer,
  SeededRandom,
  ToneSynthesizer,
  type ToneSynthesizerOptions,
  VirtualClock,
} from '@parley/testkit'
import { type Conversation, createConversation, type RestoredTalk } from '../src/index.ts'

export const policy: TurnPolicy = {
  endpointing: { threshold: 1, actionDelayMs: 150, timeoutMs: 500 },
  speculation: { afterMs: 100, maxPerTurn: 3, inSpeech: false, maxWastedTokens: 4000 },
  minGapMs: 150,
  bargeIn: { speechMs: 500, minWords: 2, duckAfterMs: 100, duckGainDb: -18 },
  silencePrompt: { afterMs: 10_000, text: 'Are you still there?', maxCount: 2 },
  userSilenceLimitMs: 60_000,
  filler: null,
  apology: 'I am sorry, something went wrong.',
}

export const spec: AssistantSpec = {
  instructions: 'Be brief.',
  model: { protocol: 'openai', baseUrl: 'http://127.0.0.1/', apiKey: new Secret('') },
  voice: {},
  recognition: { languages: ['en'], hints: [] },
  greeting: { kind: 'none' },
  greetingInterruptible: true,
  greetingDelayMs: 0,
  turn: policy,
  tools: [{ kind: 'endCall', name: 'call_end', description: 'Ends the call.' }],
}

export interface StageOptions {
  readonly spec?: Partial<AssistantSpec>
  readonly turn?: Partial<TurnPolicy>
  readonly lines?: readonly (string | null)[]
  readonly reply?: ScriptedChatModelOptions['reply']
  readonly model?: Partial<Omit<ScriptedChatModelOptions, 'clock' | 'reply'>>
  readonly voice?: Partial<Omit<ToneSynthesizerOptions, 'clock'>>
  readonly restored?: RestoredTalk
  readonly endOfTurnModel?: EndOfTurnModel
}

/** A conversation with fakes on a virtual clock, answered at 1,000 ms. */
export class Stage implements AsyncDisposable {
  readonly clock = new VirtualClock(1000)
  readonly reports: CallEventBody[] = []
  readonly userWords: [text: string, spoken: { readonly fromMs: number; readonly toMs: number }][] = []
  readonly media: FakeMedia
  readonly recognizer: ScriptedRecognizer
  readonly chatModel: ScriptedChatModel
  readonly synthesizer: ToneSynthesizer
  readonly talk: Conversation
  end: ConversationEnd | undefined
  ends = 0

  constructor(options: StageOptions = {}) {
    const { clock } = this
    this.recognizer = new ScriptedRecognizer({ clock, lines: options.lines ?? [] })
    this.chatModel = new ScriptedChatModel({
      clock,
      reply: options.reply ?? (() => 'Sure, I can do that for you right away.'),
      ...options.model,
    })
    this.synthesizer = new ToneSynthesizer({ clock, ...options.voice })
    this.media = new FakeMedia(clock, (event) => this.talk.post(event))
    const { recognizer, chatModel, synthesizer } = this
    this.talk = createConversation({
      callId: callId('call'),
      spec: { ...spec, ...options.spec, turn: { ...policy, ...options.turn } },
      providers: { recognizer, chatModel, synthesizer, endOfTurnModel: options.endOfTurnModel },
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      ...(options.restored && { restored: options.restored }),
      report: (body) => this.reports.push(body),
      onUserWords: (text, spoken) => this.userWords.push([text, spoken]),
    })
    void this.talk.ended.then((end) => {
      this.end = end
      this.ends += 1
    })
  }

  async start(): Promise<void> {
    this.talk.start(this.media, this.clock.nowMs())
    await this.clock.advance(0)
  }

  /** The caller speaks for `durationMs`; returns when the last voiced frame is over. */
  async speak(durationMs = 1000): Promise<number> {
    this.media.voice(durationMs)
    await this.clock.advance(durationMs)
    return this.clock.nowMs()
  }

  said(): readonly string[] {
    return this.reports.flatMap((body) => {
      if (body.type === 'user.said') return [`user: ${body.text}`]
      return body.type === 'assistant.said' ? [`${body.source}: ${body.heard}${body.interrupted ? ' --' : ''}`] : []
    })
  }

  reported<T extends CallEventBody['type']>(type: T): Extract<CallEventBody, { type: T }>[] {
    return this.reports.filter((body): body is Extract<CallEventBody, { type: T }> => body.type === type)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.talk[Symbol.asyncDispose]()
  }
}
