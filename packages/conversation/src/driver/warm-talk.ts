import type { AssistantSpec, ChatModel, SpeechRecognizer, SpeechSynthesizer } from '@parley/core'
import { sentencesOf } from '../reply/chunker.ts'

/** Adapters a talk would use. */
export interface TalkProviders {
  readonly recognizer: SpeechRecognizer
  readonly chatModel: ChatModel
  readonly synthesizer: SpeechSynthesizer
}

/**
 * Makes ready for a talk that may begin at any moment: connections are opened and its first words are spoken ahead, so that
 * they are at hand when another assistant hands the caller over. `onFailure` hears what could not be made ready.
 */
export function warmTalk(spec: AssistantSpec, providers: TalkProviders, onFailure: (error: unknown) => void): void {
  const { recognizer, chatModel, synthesizer } = providers
  for (const ready of [recognizer.prewarm?.(spec.recognition), chatModel.prewarm?.(), synthesizer.prewarm?.()]) {
    ready?.catch(onFailure)
  }
  if (spec.greeting.kind !== 'text') return
  const language = spec.recognition.languages[0] ?? ''
  synthesizer.prepare?.(sentencesOf(spec.greeting.text, { language }).map(({ spoken }) => spoken))
}
