import type {
  AskRequest,
  AssistantSpec,
  ConversationEnd,
  ErrorCode,
  Generation,
  SayRequest,
  SpeechSource,
  ToolSpec,
  TurnId,
  TurnPolicy,
} from '@parley/core'
import { generation, turnId } from '@parley/core'
import type { ReplyPrompt, TurnCommand, TurnTimer } from './events.ts'
import type { Expectation } from './language/expectation.ts'
import { silentUser, type UserSide } from './user-side.ts'

/**
 * The talk of one call at one instant. Instants are ms on the monotonic clock.
 *
 * The ear (`user`) and the mouth (`work`: being prepared, `speech`: on the wire) are apart, because both sides may be
 * active at once. Exactly one generation can own the floor: `speech`.
 */
export interface TurnState {
  readonly life: 'waiting' | 'live' | 'over'
  /** Turns closed so far; the open one is `turn + 1`. */
  readonly turn: number
  /** Last generation given out. */
  readonly generation: number
  readonly user: UserSide
  /** The last utterance that was answered; its final may still come. */
  readonly answered: AnsweredUtterance | null
  readonly work: Work | null
  readonly speech: Speech | null
  readonly queue: readonly Errand[]
  readonly greetingDueAtMs: number | null
  /** Silence prompts said since the user was last understood. */
  readonly prompts: number
  /** Since when neither side has been active. Null: somebody is. */
  readonly quietSinceMs: number | null
  /** When the user was last understood (or pressed a key); at first the answer. */
  readonly lastSaidAtMs: number
  /** What the assistant said last, and what it asks for: decides whether "yes" is an answer, and how long one may pause. */
  readonly lastWords: string
  /** When it fell silent. */
  readonly spokeUntilMs: number
  readonly asked: Asked
  readonly habits: Habits
  /** Tokens of replies that were thrown away. */
  readonly wastedTokens: number
  /** The peer has put us on hold: nobody hears us, and nobody is missed. */
  readonly held: boolean
  /** Voiced stretches in a row about which the recogniser said nothing at all. */
  readonly deafStretches: number
  /** The call ends when the floor is free. Cancelled when the user takes the floor. */
  readonly ending: ConversationEnd | null
  /** A provider is dead: apology (when a voice is left), then the end. */
  readonly fatal: { readonly code: ErrorCode; readonly apologise: boolean } | null
  /** DTMF keys pressed so far. */
  readonly keys: string
  readonly timers: Readonly<Partial<Record<TurnTimer, number>>>
}

/** What the assistant's last words ask for. */
interface Asked {
  readonly expecting: Expectation
  /** Digits or letters it asked for, when it said how many. */
  readonly length: number | undefined
}

/** How this talk goes: the caller's way of speaking, and the engine's own speed. */
interface Habits {
  /** Pauses within turns, the newest last. */
  readonly pausesMs: readonly number[]
  /** Replies the caller spoke into at once, as people do who had not finished; fades with every turn that went well. */
  readonly cutIns: number
  /** From the beginning of the work to the first sound, of the latest replies. */
  readonly repliesMs: readonly number[]
}

interface AnsweredUtterance {
  readonly text: string
  /** The part of it that was only a partial: what a late final may repeat. */
  readonly unconfirmed: string
  readonly awaitingFinal: boolean
}

/** A reply in preparation: nothing of it is audible. */
export interface Work {
  readonly generation: Generation
  readonly prompt: ReplyPrompt
  readonly startedAtMs: number
  /** The endpoint: from here the assistant owes an answer. Null: speculation. */
  readonly grantedAtMs: number | null
  /** Told to the driver; false again while something keeps the floor. */
  readonly committed: boolean
  /** Begun while the user still sounded: lives as long as the words stay the same. */
  readonly inSpeech: boolean
  readonly sentence: boolean
  readonly ready: boolean
  /** The reply is complete and has no sound. */
  readonly empty: boolean
  readonly tool: ToolSpec | null
  readonly failure: { readonly stage: 'llm' | 'tts'; readonly code: ErrorCode } | null
}

/** What owns the floor on the assistant's side. */
export interface Speech {
  readonly generation: Generation
  readonly turn: TurnId
  readonly source: SpeechSource
  readonly interruptible: boolean
  readonly startedAtMs: number
  readonly firstPacketAtMs: number | null
  readonly playedSamples: number
  readonly progressAtMs: number
  readonly heard: string
  /** What the user's voice has done to it. Paused: silent, and the place is kept. */
  readonly stance: 'full' | 'ducked' | 'paused'
  /** The present voice was found to mean nothing: it does not trouble the speech again. */
  readonly dismissedOnsetMs: number | null
  /** When the playout was asked why nothing leaves. */
  readonly checkedAtMs: number | null
  /** The user's words that existed when it began; only what follows them is overlap. */
  readonly baseWords: number
  readonly endAfter: ConversationEnd | null
  readonly failure: Work['failure']
  readonly instants: TurnInstants
}

/** What the reducer knows of a turn's timings before it is over. */
export interface TurnInstants {
  readonly userStoppedAtMs: number | null
  readonly speculatedAtMs: number | null
  readonly finalAtMs: number | null
  readonly endpointAtMs: number | null
  readonly discarded: number
}

type Errand =
  | { readonly kind: 'say'; readonly request: SayRequest }
  | { readonly kind: 'ask'; readonly request: AskRequest }

/** What the rules need of the assistant. */
export type TurnRules = Pick<
  AssistantSpec,
  'greeting' | 'greetingDelayMs' | 'greetingInterruptible' | 'recognition'
> & {
  readonly turn: TurnPolicy
  /** An end-of-turn model can be asked. */
  readonly endOfTurnModel?: boolean
}

/** The language the talk is held in. */
export const languageOf = (rules: TurnRules): string => rules.recognition.languages[0] ?? 'en'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** One step in the making: a private copy of the state, and the commands so far. */
export interface Draft {
  readonly state: Mutable<TurnState>
  readonly commands: TurnCommand[]
  readonly nowMs: number
  readonly rules: TurnRules
}

/** `turn`, `generation`: those of the talk before, of a call that is taken over; else 0. */
export function initialTurnState(turn = 0, generation = 0): TurnState {
  return {
    life: 'waiting',
    turn,
    generation,
    user: silentUser,
    answered: null,
    work: null,
    speech: null,
    queue: [],
    greetingDueAtMs: null,
    prompts: 0,
    quietSinceMs: null,
    lastSaidAtMs: 0,
    lastWords: '',
    spokeUntilMs: Number.NEGATIVE_INFINITY,
    asked: { expecting: 'nothing', length: undefined },
    habits: { pausesMs: [], cutIns: 0, repliesMs: [] },
    wastedTokens: 0,
    held: false,
    deafStretches: 0,
    ending: null,
    fatal: null,
    keys: '',
    timers: {},
  }
}

export function nextGeneration(draft: Draft): Generation {
  draft.state.generation += 1
  return generation(draft.state.generation)
}

export const openTurn = (state: TurnState): TurnId => turnId(state.turn + 1)
