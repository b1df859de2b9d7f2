import { azureVoice } from '../azure/azure-voice.ts'
import { cartesiaVoice } from '../cartesia/cartesia-voice.ts'
import { customVoice } from '../custom/custom-voice.ts'
import { elevenlabsVoice } from '../elevenlabs/elevenlabs-voice.ts'
import { minimaxVoice } from '../minimax/minimax-voice.ts'
import { tencentVoice } from '../tencent/tencent-voice.ts'
import { volcengineVoice } from '../volcengine/volcengine-voice.ts'
import type { VoiceFactory } from './voice-factory.ts'

/** By `TTSType` in lower case. `flow` has none: it exists inside the vendor's own platform only. */
export const voiceFactories: ReadonlyMap<string, VoiceFactory> = new Map([
  ['azure', azureVoice],
  ['cartesia', cartesiaVoice],
  ['custom', customVoice],
  ['elevenlabs', elevenlabsVoice],
  ['minimax', minimaxVoice],
  ['tencent', tencentVoice],
  ['volcengine', volcengineVoice],
])
