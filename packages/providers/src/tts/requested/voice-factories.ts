import { customVoice } from '../custom/custom-voice.ts'
import type { VoiceFactory } from './voice-factory.ts'

/** By `TTSType` in lower case. `flow` has none: it exists inside the vendor's own platform only. */
export const voiceFactories: ReadonlyMap<string, VoiceFactory> = new Map([['custom', customVoice]])
