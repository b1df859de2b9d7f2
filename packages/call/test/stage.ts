import { CallHost } from '@parley/call'
import {
  applicationId,
  type CallEvent,
  type CallId,
  type CallSpec,
  Channel,
  callId,
  type DialRequest,
  type EarlySound,
  type LegCommand,
  type LegEvent,
  type LegId,
  type MediaEngine,
  type MediaStream,
  Secret,
  type Signalling,
  silentLogger,
  VoiceError,
} from '@parley/core'
import {
  FakeMedia,
  ScriptedChatModel,
  ScriptedRecognizer,
  SeededRandom,
  ToneSynthesizer,
  VirtualClock,
} from '@parley/testkit'

/** The far end of every leg, in the hand of the test. */
export class FakeSignalling implements Signalling {
  readonly dialled: DialRequest[] = []
  readonly commands: LegCommand[] = []
  private readonly legs = new Map<LegId, Channel<LegEvent>>()

  dial(request: DialRequest): AsyncIterable<LegEvent> {
    this.dialled.push(request)
    return this.events(request.leg)
  }

  events(leg: LegId): AsyncIterable<LegEvent> {
    const channel = this.legs.get(leg) ?? new Channel<LegEvent>(100, 'fail')
    this.legs.set(leg, channel)
    return channel
  }

  async command(_leg: LegId, command: LegCommand): Promise<void> {
    this.commands.push(command)
  }

  /** The far end of the n-th dialled call does something. */
  tell(event: LegEvent, index = 0): void {
    this.legs.get(this.dialled[index]?.leg as LegId)?.push(event)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

export interface Stage {
  readonly clock: VirtualClock
  readonly signalling: FakeSignalling
  readonly host: CallHost
  /** What the journal holds. */
  readonly stored: CallEvent[]
  readonly openStreams: () => number
  /** The next appends fail. */
  failJournal(times: number): void
}

/** A call host whose neighbours are fakes on one virtual clock. */
export function createStage(options: { readonly maxCalls?: number } = {}): Stage {
  const clock = new VirtualClock()
  const signalling = new FakeSignalling()
  const stored: CallEvent[] = []
  let open = 0
  let failures = 0
  const media: MediaEngine = {
    async open(): Promise<MediaStream> {
      open += 1
      return fakeStream(clock, () => {
        open -= 1
      })
    },
    async [Symbol.asyncDispose]() {},
  }
  const host = new CallHost({
    media,
    signalling,
    providers: {
      recognizer: () => new ScriptedRecognizer({ clock, lines: [] }),
      chatModel: () => new ScriptedChatModel({ clock, reply: () => 'All right.' }),
      synthesizer: () => new ToneSynthesizer({ clock }),
      async [Symbol.asyncDispose]() {},
    },
    journal: {
      async append(events) {
        if (failures > 0) {
          failures -= 1
          throw new VoiceError('STORE_FAILED')
        }
        stored.push(...events)
      },
    },
    recordings: { pathFor: (id: CallId) => `/recordings/${id}.wav`, stat: async () => ({ bytes: 44 + 32_000 }) },
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    advertisedHost: '127.0.0.1',
    mediaOf: () => ({ codecs: ['PCMA'] }),
    maxCalls: options.maxCalls ?? 10,
  })
  return {
    clock,
    signalling,
    host,
    stored,
    openStreams: () => open,
    failJournal: (times) => {
      failures = times
    },
  }
}

function fakeStream(clock: VirtualClock, onClose: () => void): MediaStream {
  const events = new Channel<Parameters<ConstructorParameters<typeof FakeMedia>[1]>[0]>(1000, 'fail')
  const fake = new FakeMedia(clock, (event) => events.push(event))
  let closed = false
  return {
    offer: () => 'v=0 offer',
    acceptAnswer: async (sdp) => {
      if (sdp === 'no codec') throw new VoiceError('MEDIA_NO_COMMON_CODEC')
    },
    listenEarly: async () => {},
    early: new Channel<EarlySound>(1, 'drop-oldest'),
    answerOffer: async () => ({ sdp: 'v=0 answer', held: false }),
    start: async () => ({ startedAtMs: clock.nowMs() }),
    events,
    uplink: fake.uplink,
    playout: fake.playout,
    sendDtmf() {},
    statistics: async () => ({
      packetsSent: 100,
      packetsReceived: 90,
      packetsLost: 10,
      packetsDiscarded: 0,
      jitterMs: 1.5,
      lateTicks: 0,
      codec: 'PCMA',
      mos: 3.5,
    }),
    async [Symbol.asyncDispose]() {
      if (!closed) onClose()
      closed = true
      events.close()
      fake.uplink.close()
    },
  }
}

export function callSpec(id: string): CallSpec {
  return {
    callId: callId(id),
    applicationId: applicationId(1),
    direction: 'outbound',
    callee: '008613000000000',
    caller: '+8675500000001',
    trunk: 'carrier',
    limits: { ringMs: 30_000, callMs: 600_000 },
    assistant: {
      instructions: '',
      model: { protocol: 'openai', baseUrl: 'http://model', apiKey: new Secret('k') },
      voice: {},
      recognition: { languages: ['en'], hints: [] },
      greeting: { kind: 'text', text: 'Hello.' },
      greetingInterruptible: true,
      greetingDelayMs: 0,
      turn: {
        endpointing: { threshold: 1, actionDelayMs: 500, timeoutMs: 500 },
        speculation: { afterMs: 100, maxPerTurn: 3, inSpeech: false, maxWastedTokens: 4000 },
        minGapMs: 150,
        bargeIn: { speechMs: 500, minWords: 2, duckAfterMs: 64, duckGainDb: -18 },
        silencePrompt: null,
        userSilenceLimitMs: 60_000,
        filler: null,
        apology: '',
      },
      tools: [],
    },
  }
}
