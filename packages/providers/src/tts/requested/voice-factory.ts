import type { LookupFunction } from 'node:net'
import type { Clock, Random, SpeechSynthesizer } from '@parley/core'
import type { SpeechEndpoint } from '../http/speech-agent.ts'

/** `CustomTTSConfig` as the call gave it, parsed. Members may be missing or of any type. */
type VoiceMembers = Readonly<Record<string, unknown>>

/** Where a service that a call names is reached. */
interface RequestedEndpoint extends SpeechEndpoint {
  /** How names become addresses where a call may not lead inside: `agent` uses it already. Undefined: it may. */
  readonly lookup: LookupFunction | undefined
}

/** What a voice of a call is made with. */
export interface VoiceTools {
  readonly clock: Clock
  readonly random: Random
  /** Identity of the call (`X-Task-Id`), for services that are the user's own. */
  readonly headers: Readonly<Record<string, string>>
  /** Longest wait for the answer, and between two pieces of it. */
  readonly patienceMs: number
  /**
   * Where `address` leads, or `standard` where the call names none (undefined). Undefined: it is no address of that scheme
   * (with or without TLS), or one that nobody may be sent to.
   */
  endpoint(address: unknown, standard?: string, scheme?: 'http' | 'ws'): RequestedEndpoint | undefined
}

/** Makes the voice that a call describes; undefined when the description does not do. */
export type VoiceFactory = (config: VoiceMembers, tools: VoiceTools) => SpeechSynthesizer | undefined
