/** What the engine says of its own accord, by main language. */
interface SpokenTexts {
  /** After a silence of the user: default of `NotifyMessage`. */
  readonly silencePrompt: string
  /** Before a call is ended whose model or voice has died. */
  readonly apology: string
}

const chinese: SpokenTexts = {
  silencePrompt: '抱歉，我没听清。您可以重复下吗？',
  apology: '抱歉，我遇到了技术问题。再见。',
}

const english: SpokenTexts = {
  silencePrompt: 'Sorry, I did not hear you. Could you repeat that?',
  apology: 'Sorry, I am having technical trouble. Goodbye.',
}

/** Chinese for Chinese and its dialects, English for all else. */
export function spokenTexts(mainLanguage: string): SpokenTexts {
  return mainLanguage.startsWith('zh') ? chinese : english
}
