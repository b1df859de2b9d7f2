import type { AssistantSpec, ProviderCatalog } from '@parley/core'

/** The adapters that the talk of `assistant` uses. */
export function talkProviders(catalog: ProviderCatalog, assistant: AssistantSpec) {
  return {
    recognizer: catalog.recognizer(assistant.recognition),
    chatModel: catalog.chatModel(assistant.model),
    synthesizer: catalog.synthesizer(assistant.voice),
    endOfTurnModel: catalog.endOfTurnModel?.(),
  }
}
