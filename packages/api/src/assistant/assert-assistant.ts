import type { AssistantParameters } from './create-ai-call-parameters.ts'
import { assertCustomStt } from './custom-recognition.ts'
import { assertCustomTts } from './custom-speech.ts'
import { assertModelUrl } from './model-url.ts'

/**
 * What the schema alone cannot tell of the fields that shape the talk.
 *
 * @throws ApiError InvalidParameterValue
 */
export function assertAssistant(parameters: AssistantParameters, allowPrivateUrls: boolean): void {
  assertModelUrl('APIUrl', parameters.APIUrl, allowPrivateUrls)
  assertCustomTts(parameters.CustomTTSConfig, allowPrivateUrls)
  assertCustomStt(parameters.CustomSTTConfig, allowPrivateUrls)
}
