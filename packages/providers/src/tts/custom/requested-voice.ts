import type { Agent } from 'node:http'
import { type Clock, isInternalHost, type Random, Secret, type SpeechSynthesizer, type VoiceSpec } from '@parley/core'
import { guardedLookup } from '../../push/guarded-lookup.ts'
import { createCustomSynthesizer, speechAgent } from './custom-synthesizer.ts'

export interface RequestedVoicesOptions {
  readonly clock: Clock
  readonly random: Random
  /** May requests go to loopback, private and link-local addresses? */
  readonly allowPrivate: boolean
}

/**
 * Longest wait for the answer of a voice that a call brought, and between two pieces of it. Short enough for the built-in
 * voice to step in before the talk gives up. Taste.
 */
const patienceMs = 2_500

/**
 * Voices that calls bring (`CustomTTSConfig`), over connections that all of them share. Undefined: none that this file
 * knows, or an address nobody may be sent to.
 */
export function requestedVoices({ clock, random, allowPrivate }: RequestedVoicesOptions) {
  const lookup = allowPrivate ? undefined : guardedLookup()
  const agents = { 'http:': speechAgent(false, lookup), 'https:': speechAgent(true, lookup) }
  const agentOf = (address: string): Agent | undefined => {
    const url = URL.canParse(address) ? new URL(address) : undefined
    if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
    return !allowPrivate && isInternalHost(url.hostname) ? undefined : agents[url.protocol]
  }
  return {
    find({ custom = {}, headers }: VoiceSpec): SpeechSynthesizer | undefined {
      const { TTSType: type, APIUrl: url, APIKey: key } = custom
      if (typeof type !== 'string' || type.toLowerCase() !== 'custom') return undefined
      const agent = typeof url === 'string' ? agentOf(url) : undefined
      if (!agent || typeof url !== 'string' || typeof key !== 'string') return undefined
      return createCustomSynthesizer(
        {
          url,
          apiKey: new Secret(key),
          format: custom.AudioFormat === 'pcm' ? 'pcm' : 'wav',
          sampleRateHz: typeof custom.SampleRate === 'number' ? custom.SampleRate : 16_000,
          channels: custom.AudioChannel === 2 ? 2 : 1,
          patienceMs,
          agent,
          ...(headers && { headers }),
        },
        { clock, random },
      )
    },
    [Symbol.dispose]() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}
