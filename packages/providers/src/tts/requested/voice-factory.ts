import type { Clock, Random, SpeechSynthesizer } from '@parley/core'
import type { SpeechEndpoint } from '../http/speech-agent.ts'
import type { SpareLines } from '../socket/spare-lines.ts'

/** `CustomTTSConfig` as the call gave it, parsed. Members may be missing or of any type. */
type VoiceMembers = Readonly<Record<string, unknown>>

/** What a voice of a call is made with. */
export interface VoiceTools {
  readonly clock: Clock
  readonly random: Random
  /** Identity of the call (`X-Task-Id`), for services that are the user's own. */
  readonly headers: Readonly<Record<string, string>>
  /** Longest wait for the answer, and between two pieces of it. */
  readonly patienceMs: number
  /** For services that are asked over WebSocket. */
  readonly lines: SpareLines
  /**
   * Where `address` leads, or `standard` where the call names none (undefined). Undefined: it is no address of that scheme
   * (with or without TLS), or one that nobody may be sent to.
   */
  endpoint(address: unknown, standard?: string, scheme?: 'http' | 'ws'): SpeechEndpoint | undefined
}

/** Makes the voice that a call describes; undefined when the description does not do. */
export type VoiceFactory = (config: VoiceMembers, tools: VoiceTools) => SpeechSynthesizer | undefined
