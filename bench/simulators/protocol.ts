import type { ProfileName } from './profile.ts'
import type { SimulatorRecord } from './request-log.ts'
import type { SimulatedUtterance } from './script.ts'

export interface SimulatorSettings {
  readonly seed: number
  readonly profile: ProfileName
  readonly script: readonly SimulatedUtterance[]
  readonly apiKey: string
  readonly replyWords: number
}

/** What the bench sends to the provider process. */
export type SimulatorRequest =
  | { readonly type: 'configure'; readonly settings: Partial<SimulatorSettings> }
  /** The next connection of the recogniser is the caller who says this. */
  | { readonly type: 'expect'; readonly script: readonly SimulatedUtterance[] }
  /** Answered with `records`; the log begins anew. */
  | { readonly type: 'collect' }

export type SimulatorReport =
  | { readonly type: 'ready'; readonly llm: number; readonly asr: number; readonly tts: number }
  | { readonly type: 'records'; readonly records: readonly SimulatorRecord[] }
