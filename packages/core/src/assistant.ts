import type { AfterCallPlan } from './after-call.ts'
import type { ErrorCode } from './errors.ts'
import type { AmbienceSpec } from './media.ts'

/** A credential. Kept apart in type so that nothing logs it by accident: it prints as `[secret]`. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
}

/** Which language model answers, and how. */
export interface ModelSpec {
  readonly protocol: 'openai' | 'azure' | 'minimax' | 'dify'
  /** Base address, e.g. `https://api.openai.com/v1/`. */
  readonly baseUrl: string
  readonly apiKey: Secret
  readonly model?: string
  readonly temperature?: number
  readonly topP?: number
  /** Members merged into the request body at top level. */
  readonly extraBody?: Readonly<Record<string, unknown>>
  /** Added to each request, e.g. `X-Task-Id`. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface VoiceSpec {
  /** Name of a configured or built-in voice. Undefined: the engine's default. */
  readonly name?: string
  /** Parsed `CustomTTSConfig`; its secrets are the caller's. */
  readonly custom?: Readonly<Record<string, unknown>>
  /** Added to each request of a voice of the call's own, e.g. `X-Task-Id`. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface RecognitionSpec {
  /** First is the main language (`en`, `zh`, ...). */
  readonly languages: readonly string[]
  /** Sentences and words the caller is likely to say; the embedded recogniser builds its language model from them. */
  readonly hints: readonly string[]
  /** Parsed `CustomSTTConfig`; its secrets are the caller's. */
  readonly custom?: Readonly<Record<string, unknown>>
}

export type GreetingSpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'generate' }

/** When the user's turn is over. Three base knobs; what else is known of the talk moves the hold between them. */
export interface EndpointingPolicy {
  /** Confidence (0..1) in the end of the turn from which `actionDelayMs` of silence suffices. 1: nothing is that sure. */
  readonly threshold: number
  /** Least silence after the last voiced frame. */
  readonly actionDelayMs: number
  /** `VadSilenceTime`: silence that ends the turn when the words do not say that more will come. */
  readonly timeoutMs: number
}

/** Work done ahead of the endpoint. */
export interface SpeculationPolicy {
  /** Silence after which it starts (`s`). */
  readonly afterMs: number
  /** Attempts in one turn; 0: none, everything happens after the endpoint. */
  readonly maxPerTurn: number
  /** Also while the user still sounds, on a stable partial that reads complete. */
  readonly inSpeech: boolean
  /** Tokens of thrown away replies in one call; beyond it nothing is done ahead any more. */
  readonly maxWastedTokens: number
}

/** When speech of the user takes the floor from the assistant. */
export interface BargeInPolicy {
  /** `InterruptSpeechDuration`: voice that silences the assistant. `null` (`InterruptMode` 1): speech never does. */
  readonly speechMs: number | null
  /** Content words that take the floor at once, whatever the voice lasted. */
  readonly minWords: number
  /** Speech evidence after which the assistant is ducked. Up to 100 ms, the first signs of a voice are enough. */
  readonly duckAfterMs: number
  readonly duckGainDb: number
}

/** All knobs of turn-taking, in ms of the monotonic clock. Translated once from the public API's names. */
export interface TurnPolicy {
  readonly endpointing: EndpointingPolicy
  readonly speculation: SpeculationPolicy
  /** Never start a reply earlier than this after the user's last voiced frame. */
  readonly minGapMs: number
  readonly bargeIn: BargeInPolicy
  /** `NotifyDuration`, `NotifyMessage`, `NotifyMaxCount`. */
  readonly silencePrompt: { readonly afterMs: number; readonly text: string; readonly maxCount: number } | null
  /** `MaxDuration`: hang up when the user has said nothing for this long. */
  readonly userSilenceLimitMs: number
  /** `ToneWord`: said when no sentence is there this long after the end of the user's turn. */
  readonly filler: { readonly afterMs: number; readonly words: readonly string[] } | null
  /** Said before ending a call whose model or voice has died. */
  readonly apology: string
}

/** The part of turn-taking that an installation sets; the public API has no words for most of it. */
export type TurnDefaults = Pick<TurnPolicy, 'endpointing' | 'speculation' | 'minGapMs' | 'bargeIn'>

/** What holds where the configuration says nothing. The figures come from the latency design. */
export const turnDefaults = {
  endpointing: { threshold: 0.935, actionDelayMs: 250, timeoutMs: 1000 },
  speculation: { afterMs: 100, maxPerTurn: 3, inSpeech: false, maxWastedTokens: 4000 },
  bargeIn: { speechMs: 500, minWords: 2, duckAfterMs: 64, duckGainDb: -18 },
  minGapMs: 150,
} as const satisfies TurnDefaults

/** The installation's endpointing with the time-out of one call, which no knob may exceed. */
export function endpointingWithin(defaults: EndpointingPolicy, timeoutMs: number): EndpointingPolicy {
  return { ...defaults, actionDelayMs: Math.min(defaults.actionDelayMs, timeoutMs), timeoutMs }
}

export type ToolSpec =
  | { readonly kind: 'endCall'; readonly name: string; readonly description: string }
  | {
      readonly kind: 'transferToGroup'
      readonly name: string
      readonly description: string
      readonly skillGroupId: number
    }
  | { readonly kind: 'transferToAgent'; readonly name: string; readonly description: string; readonly agentId: number }

/** The version of a stored agent that a talk is held by. */
export interface CallAgent {
  readonly agentId: number
  readonly name: string
  readonly version: number
}

/** Everything the talk of one call needs to know. */
export interface AssistantSpec {
  /** System prompt with variables filled in. */
  readonly instructions: string
  readonly model: ModelSpec
  readonly voice: VoiceSpec
  readonly recognition: RecognitionSpec
  /** `VadLevel` 0-3, for `MediaOptions.farFieldSuppression`. Undefined: 0. */
  readonly farFieldSuppression?: number
  readonly greeting: GreetingSpec
  readonly greetingInterruptible: boolean
  readonly greetingDelayMs: number
  readonly turn: TurnPolicy
  readonly tools: readonly ToolSpec[]
  /** `EnableVoicemailDetection`: end the call when a machine answers it. */
  readonly hangUpOnMachine?: boolean
  /** `EnableComplianceAudio`: a tone before the greeting marks a machine's speech. Undefined: as the installation says. */
  readonly complianceTone?: boolean
  /** Heard behind the talk from its start on, whoever takes it over. */
  readonly ambience?: AmbienceSpec
  /** What its model is asked about the talk once the call is over. Undefined: nothing. */
  readonly afterCall?: AfterCallPlan
  /** The stored agent all this was taken from. */
  readonly agent?: CallAgent
  /** What the call was given for placeholders: agents it is handed to are filled in with the same. */
  readonly variables?: Readonly<Record<string, string>>
}

/** `ControlAIConversation.ServerPushText`. */
export interface SayRequest {
  readonly text: string
  /** `Int16` mono 8 kHz, played instead of the text. What is played is in no transcript. */
  readonly audio?: Int16Array
  readonly interrupt: boolean
  readonly endCallAfter: boolean
  /** When the floor is taken and `interrupt` is false: forget the message, or queue it. */
  readonly whenBusy: 'drop' | 'queue'
  readonly interruptible: boolean
  readonly remember: boolean
}

/** `ControlAIConversation.InvokeLLM`: `text` goes to the model as a user turn. */
export interface AskRequest {
  readonly text: string
  readonly interrupt: boolean
}

/** Why the conversation wants the call ended. */
export type ConversationEnd =
  | { readonly kind: 'assistantEnded' }
  | { readonly kind: 'sayEnded' }
  | { readonly kind: 'silenceLimit' }
  | { readonly kind: 'failed'; readonly code: ErrorCode }
  /** A human is asked for. */
  | { readonly kind: 'transfer'; readonly skillGroupId: number }
  /** The talk shall go on with this stored agent. */
  | { readonly kind: 'handOver'; readonly agentId: number }
