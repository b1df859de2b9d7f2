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
  type MediaEvent,
  type MediaStream,
  Secret,
  type Signalling,
  type SkillGroup,
  silentLogger,
  type TrunkLines,
  VoiceError,
  waitUntil,
} from '@parley/core'
import {
  FakeMedia,
  ScriptedChatModel,
  type ScriptedChatModelOptions,
  ScriptedRecognizer,
  SeededRandom,
  ToneSynthesizer,
  VirtualClock,
} from '@parley/testkit'

/** The far end of every leg, in the hand of the test. */
export class FakeSignalling implements Signalling {
  readonly dialled: DialRequest[] = []
  readonly commands: LegCommand[] = []
  readonly hungUp: LegId[] = []
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

  async command(leg: LegId, command: LegCommand): Promise<void> {
    this.commands.push(command)
    if (command.type === 'hangup') this.hungUp.push(leg)
  }

  /** One message for each leg, whose text is the leg's name, once it is asked for the last time. */
  takeMessages(leg: LegId, isLast: boolean) {
    return isLast ? [{ wallMs: 0, sent: true, peer: 'udp:192.0.2.1:5060', text: leg }] : []
  }

  /** The far end of the n-th dialled call does something. */
  tell(event: LegEvent, index = 0): void {
    const leg = this.legs.get(this.dialled[index]?.leg as LegId)
    leg?.push(event)
    if (event.type === 'rejected' || event.type === 'failed' || event.type === 'bye') leg?.close()
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
  /** A call that may be dialled until then; absent: whenever. */
  place(id: string, dialBeforeMs?: number): Promise<void>
  /** The stream of the newest call tells something. */
  tellMedia(event: MediaEvent): void
  /** Every text that was spoken to anybody, in order. */
  readonly spoken: readonly string[]
  readonly chatModel: ScriptedChatModel
  /** How often two streams were bridged. */
  readonly bridges: () => number
  /** Pauses and resumptions of recordings, in order. */
  readonly pauses: readonly boolean[]
  /** The next appends fail. */
  failJournal(times: number): void
}

interface StageOptions {
  readonly maxCalls?: number
  readonly skillGroups?: readonly SkillGroup[]
  readonly reply?: ScriptedChatModelOptions['reply']
  readonly takeLine?: TrunkLines['take']
  /** How long opening media takes. */
  readonly openMs?: number
}

/** A call host whose neighbours are fakes on one virtual clock. */
export function createStage(options: StageOptions = {}): Stage {
  const clock = new VirtualClock()
  const signalling = new FakeSignalling()
  const stored: CallEvent[] = []
  let open = 0
  let newest: Channel<MediaEvent> | undefined
  let bridges = 0
  const pauses: boolean[] = []
  const { reply = () => 'All right.' } = options
  const chatModel = new ScriptedChatModel({ clock, reply })
  const synthesizer = new ToneSynthesizer({ clock })
  let failures = 0
  const media: MediaEngine = {
    async open(): Promise<MediaStream> {
      if (options.openMs !== undefined) await waitUntil(clock, clock.nowMs() + options.openMs)
      open += 1
      newest = new Channel<MediaEvent>(1000, 'fail')
      return fakeStream(
        clock,
        newest,
        () => {
          open -= 1
        },
        () => {
          bridges += 1
        },
        pauses,
      )
    },
    async [Symbol.asyncDispose]() {},
  }
  const host = new CallHost({
    media,
    signalling,
    lines: { take: options.takeLine ?? (async () => true) },
    providers: {
      recognizer: () => new ScriptedRecognizer({ clock, lines: [] }),
      chatModel: () => chatModel,
      synthesizer: () => synthesizer,
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
    skillGroups: options.skillGroups ?? [],
  })
  return {
    clock,
    signalling,
    host,
    stored,
    openStreams: () => open,
    place: (id, dialBeforeMs = Number.POSITIVE_INFINITY) => host.place(callSpec(id), dialBeforeMs),
    tellMedia: (event) => newest?.push(event),
    spoken: synthesizer.texts,
    chatModel,
    bridges: () => bridges,
    pauses,
    failJournal: (times) => {
      failures = times
    },
  }
}

function fakeStream(
  clock: VirtualClock,
  events: Channel<MediaEvent>,
  onClose: () => void,
  onBridge: () => void,
  pauses: boolean[],
): MediaStream {
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
    pauseRecording: (paused) => void pauses.push(paused),
    bridgeTo: async () => onBridge(),
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
