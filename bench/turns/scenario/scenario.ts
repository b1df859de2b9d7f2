/** What should come of a piece of a timeline. */
export type Label = 'hold' | 'eot' | 'bargein' | 'ignore'

export const scenarioSets = [
  'pauses',
  'gaps',
  'backchannel',
  'noise',
  'echo',
  'interrupt',
  'overlap',
  'side talk',
  'regressions',
] as const
export type ScenarioSet = (typeof scenarioSets)[number]

export const noiseKinds = ['door', 'keyboard', 'cough', 'traffic', 'music', 'crackle'] as const
export type NoiseKind = (typeof noiseKinds)[number]

/**
 * When a sound over the assistant begins. `word`: as the n-th word (from 1) of what it is saying begins; `share`: of its
 * words (0..1; 1: as it ends); `afterMs`: from its first audio. Null: at once.
 */
export type Moment =
  | { readonly by: 'word'; readonly word: number }
  | { readonly by: 'share'; readonly share: number }
  | { readonly by: 'time'; readonly afterMs: number }

interface Over {
  readonly when: Moment | null
  readonly label: Label
}

/** One entry of a timeline, in order. Durations in ms. */
export type Act =
  /** What the model answers from here on. */
  | { readonly kind: 'assistant'; readonly text: string }
  | { readonly kind: 'say'; readonly text: string; readonly clip: string | null; readonly label: Label }
  | { readonly kind: 'pause'; readonly ms: number; readonly label: Label }
  | { readonly kind: 'silence'; readonly ms: number }
  | { readonly kind: 'heard'; readonly what: 'start' | 'end' }
  | { readonly kind: 'dtmf'; readonly keys: string }
  /** From here on the line gives the assistant's voice back, for `tailMs` longer than it sounds. */
  | { readonly kind: 'echo'; readonly delayMs: number; readonly erlDb: number; readonly tailMs: number }
  | ({ readonly kind: 'interrupt'; readonly text: string; readonly clip: string | null; readonly soft: boolean } & Over)
  | ({ readonly kind: 'backchannel'; readonly text: string; readonly count: number; readonly gapMs: number } & Over)
  | ({ readonly kind: 'noise'; readonly noise: NoiseKind; readonly snrDb: number; readonly ms: number } & Over)
  | ({ readonly kind: 'other_talk'; readonly text: string; readonly levelDb: number } & Over)

/**
 * What a whole scenario should come to. `answered`: the caller's last words are answered and nothing was cut into;
 * `yields`: the assistant falls silent for the caller and answers; `continues`: it says what it was saying to its end;
 * `quiet`: nothing makes it speak.
 */
type Outcome = 'answered' | 'yields' | 'continues' | 'quiet'

/** One timeline with everything that varies filled in. */
export interface Scenario {
  readonly id: string
  readonly set: ScenarioSet
  readonly language: 'en' | 'zh'
  /** What the assistant says first; '': it waits for the caller. */
  readonly greeting: string
  readonly greetingDelayMs: number
  readonly greetingInterruptible: boolean
  readonly acts: readonly Act[]
  readonly outcome: Outcome
  /** By what the report may group it, e.g. `pauseMs: 600`, `point: clause`. */
  readonly tags: Readonly<Record<string, string>>
}
