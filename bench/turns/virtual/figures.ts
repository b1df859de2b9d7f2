import type { NoiseKind } from '../scenario/scenario.ts'

/** Chance of something, and how long it then lasts (uniform), ms. */
interface Burst {
  readonly chance: number
  readonly ms: readonly [number, number]
}

/**
 * Everything the virtual ear and the virtual providers do not know for certain. Each figure says where it comes from; what
 * was not measured is called taste, and the live layer is what it has to be checked against.
 */
export interface Figures {
  readonly detector: DetectorFigures
  readonly recognizer: RecognizerFigures
  readonly providers: ProviderFigures
  readonly speech: SpeechFigures
  /**
   * That the detector takes a sound for a voice, and for how long. Measured on the sounds of `apps/callee`, 24 of each at
   * four levels: door 0 to 0.08, cough 0.04 to 0.29, music 0 to 0.33, the others never. Those sounds are made up and real
   * ones are nearer to voices: what was found is about doubled, and never is one in twenty-five. `sign`: that it is taken
   * for the first sign of a voice, and for how long signs come. Measured by `bench turns --onsets` on 96 of each, and
   * where there are two recipes of a sound, on the one that is taken more often.
   */
  readonly noise: Readonly<Record<NoiseKind, Burst & { readonly sign: Burst }>>
  readonly echo: EchoFigures
  readonly otherTalk: OtherTalkFigures
}

interface DetectorFigures {
  /**
   * Onset to certainty, and how much longer it may take (uniform). Measured with the engine's detector on nine texts in
   * four voices of Flite and eleven human clips: 5 % 44 ms, median 75. Breath before a human voice makes it later.
   */
  readonly sureMs: number
  readonly sureJitterMs: number
  /** Over the assistant. */
  readonly over: {
    /**
     * From the packet with the first audible speech of an interruption to the first sign of a voice, twentieths of the
     * distribution: as spoken, and as it swells by 26 dB in 200 ms. Measured by `bench turns --onsets` on the interruptions
     * of the scenarios in four voices of Flite and five human clips. Certainty comes after the sign at the earliest. (The
     * same measurement has it 140 ms after that packet, p95 360, where `sureMs` counts from the vowel: that is not modelled.)
     */
    readonly signMs: readonly number[]
    readonly softSignMs: readonly number[]
    /** A voice that swells is certain, and dated, this much later. Taste; live set `interrupt`, soft onsets. */
    readonly softMs: number
  }
  /** Last voice to the event that says so. Measured likewise: 100 to 160 ms, median 120. */
  readonly stopMs: readonly [number, number]
  /** Error of the instant it gives for onset and end, either way. Measured likewise: onset -16 to 2 ms, end 0 to 17. */
  readonly edgeErrorMs: number
}

interface RecognizerFigures {
  /** `D_p`, `D_f` of the reference delays of the latency design. */
  readonly partialMs: number
  readonly finalMs: number
  /** Standard deviation of the logarithm of each delay. A fifth of the `jittery` profile's variance: an ordinary service. */
  readonly sigma: number
  /** Share of talks whose recogniser writes punctuation. Taste: about half of the services do by default. */
  readonly punctuates: number
  /** It ends a finished sentence with a mark. Taste; between the figures published for English and none. */
  readonly marksEnd: number
  /** It puts a full stop at a pause although the sentence goes on: after a clause, and in the middle of one. Taste. */
  readonly falseStop: { readonly clause: number; readonly middle: number }
  /** It puts a comma at a pause after a clause. Taste. */
  readonly comma: number
  /** A partial's newest word is revised by the final. Taste: one partial in twenty-five. */
  readonly revises: number
  /** A listening noise of one syllable is recognised as words at all; otherwise its final is empty. Taste. */
  readonly hearsBackchannel: number
}

interface ProviderFigures {
  /** `D_l`, token rate and `D_t` of the reference delays. */
  readonly firstTokenMs: number
  readonly tokensPerSecond: number
  readonly firstAudioMs: number
  readonly sigma: number
  /** Tokens after which the first chunk leaves (`n`). */
  readonly firstChunkTokens: number
}

interface SpeechFigures {
  /** Length of a word: a part of its own, and one for each letter; spread as a factor either way. Taste: 2.8 words/s. */
  readonly wordMs: number
  readonly letterMs: number
  readonly hanMs: number
  readonly spread: number
  /** Gaps between words of one breath that the detector takes for a pause. Measured: none in Flite, 4 in 103 human words. */
  readonly gap: Burst
}

interface EchoFigures {
  /**
   * Times a second of assistant speech that the detector believes in a voice: before the gate knows the echo path
   * (`learnMs` of assistant speech), and after. None in 40 minutes were measured (docs/echo-gate.md): the rate that three of
   * them would have meant. That it grows with the level of the echo is taste.
   */
  readonly ratePerSecond: (erlDb: number, isLearned: boolean) => number
  readonly learnMs: number
  /** Times a second that an echo is taken for the first sign of a voice: none in 20 minutes; what three of them would mean. */
  readonly signsPerSecond: number
  readonly ms: readonly [number, number]
  /** The recogniser gives words of the assistant for it. Taste. */
  readonly hearsWords: number
}

interface OtherTalkFigures {
  /** The detector fires on each phrase, by level below the caller's own, dB. Fitted to docs/echo-gate.md, side talk. */
  readonly chance: (levelDb: number) => number
  /** The recogniser gives its words. Taste. */
  readonly hearsWords: number
}

/** Hallucinated words for sounds without any. What recognisers are known to write for coughs and breath. */
export const hallucinations = { en: ['uh', 'oh', 'the', 'yeah', 'you'], zh: ['嗯', '啊', '哦', '对'] } as const
/** How often that happens. Taste: one noise in twelve. */
export const hallucinates = 0.08

/**
 * How much of its chance a noise keeps at a ratio of the caller's voice to it: half at 25 dB. In the measurement 25 dB of
 * level made no difference. Taste.
 */
export const loudness = (snrDb: number): number => 1 / (1 + Math.exp((snrDb - 25) / 5))

/** Never in the measurement: one in twenty-five. */
const rarely: Burst = { chance: 0.04, ms: [0, 40] }

export const figures: Figures = {
  detector: {
    sureMs: 48,
    sureJitterMs: 54,
    over: {
      signMs: [20, 20, 20, 23, 40, 40, 40, 40, 40, 40, 40, 40, 60, 60, 60, 60, 80, 80, 80, 100, 180],
      softSignMs: [0, 20, 20, 40, 40, 40, 40, 40, 40, 60, 60, 60, 60, 60, 80, 80, 80, 97, 100, 120, 200],
      softMs: 96,
    },
    stopMs: [100, 140],
    edgeErrorMs: 12,
  },
  recognizer: {
    partialMs: 120,
    finalMs: 120,
    sigma: 0.15,
    punctuates: 0.5,
    marksEnd: 0.85,
    falseStop: { clause: 0.3, middle: 0.05 },
    comma: 0.3,
    revises: 0.04,
    hearsBackchannel: 0.85,
  },
  providers: { firstTokenMs: 250, tokensPerSecond: 60, firstAudioMs: 100, sigma: 0.15, firstChunkTokens: 4 },
  speech: { wordMs: 110, letterMs: 46, hanMs: 210, spread: 0.25, gap: { chance: 0.04, ms: [96, 190] } },
  noise: {
    door: { chance: 0.08, ms: [60, 180], sign: rarely },
    keyboard: { chance: 0.04, ms: [40, 120], sign: rarely },
    cough: { chance: 0.5, ms: [88, 340], sign: { chance: 0.32, ms: [0, 240] } },
    traffic: { chance: 0.04, ms: [100, 400], sign: rarely },
    music: { chance: 0.3, ms: [60, 160], sign: { chance: 0.43, ms: [0, 380] } },
    crackle: { chance: 0.04, ms: [40, 120], sign: rarely },
  },
  echo: {
    ratePerSecond: (erlDb, isLearned) => (isLearned ? 0.001 : 0.002) * Math.exp(-(erlDb - 6) / 8),
    learnMs: 2_000,
    signsPerSecond: 0.0025,
    ms: [80, 350],
    hearsWords: 0.15,
  },
  otherTalk: { chance: (levelDb) => 1 / (1 + Math.exp(-(levelDb + 14.6) / 0.6)), hearsWords: 0.6 },
}

/** No jitter, no doubt: delays are the reference delays to the millisecond. */
export const exactFigures: Figures = {
  ...figures,
  detector: {
    ...figures.detector,
    sureJitterMs: 0,
    over: { signMs: [40], softSignMs: [60], softMs: 96 },
    stopMs: [80, 80],
    edgeErrorMs: 0,
  },
  recognizer: { ...figures.recognizer, sigma: 0, punctuates: 0, revises: 0, hearsBackchannel: 1 },
  providers: { ...figures.providers, sigma: 0 },
  speech: { ...figures.speech, spread: 0, gap: { chance: 0, ms: [0, 0] } },
}
