import type { LookupFunction } from 'node:net'
import { type Clock, isInternalHost, type Random, type SpeechSynthesizer, type VoiceSpec } from '@parley/core'
import { speechAgent } from '../http/speech-agent.ts'
import { SpareLines } from '../socket/spare-lines.ts'
import { voiceFactories } from './voice-factories.ts'
import type { VoiceTools } from './voice-factory.ts'

export interface RequestedVoicesOptions {
  readonly clock: Clock
  readonly random: Random
  /** How names become addresses where a call may not lead inside. Undefined: it may. */
  readonly guarded: LookupFunction | undefined
}

/**
 * Longest wait for the answer of a voice that a call brought, and between two pieces of it. Short enough for the built-in
 * voice to step in before the talk gives up. Taste.
 */
const patienceMs = 2_500
const schemes = { http: /^https?:$/, ws: /^wss?:$/ } as const

/**
 * Voices that calls bring (`CustomTTSConfig`), over connections that all of them share. Undefined: none that this engine
 * knows, or an address nobody may be sent to.
 */
export function requestedVoices({ clock, random, guarded }: RequestedVoicesOptions) {
  const agents = { plain: speechAgent(false, guarded), secure: speechAgent(true, guarded) }
  const lines = new SpareLines(clock, { lookup: guarded })
  const endpoint: VoiceTools['endpoint'] = (address, standard, scheme = 'http') => {
    const text = address === undefined ? standard : address
    const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
    if (!url || !schemes[scheme].test(url.protocol) || (guarded && isInternalHost(url.hostname))) return undefined
    const isSecure = url.protocol === 'https:' || url.protocol === 'wss:'
    return { url, agent: isSecure ? agents.secure : agents.plain }
  }
  return {
    find({ custom = {}, headers = {} }: VoiceSpec): SpeechSynthesizer | undefined {
      const type = typeof custom.TTSType === 'string' ? custom.TTSType.toLowerCase() : ''
      return voiceFactories.get(type)?.(custom, { clock, random, headers, patienceMs, lines, endpoint })
    },
    [Symbol.dispose]() {
      for (const agent of Object.values(agents)) agent.destroy()
      lines[Symbol.dispose]()
    },
  }
}
