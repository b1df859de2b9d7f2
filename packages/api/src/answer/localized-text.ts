/** A text for people in the languages the API speaks. */
export interface LocalizedText {
  readonly en: string
  readonly zh: string
}

export type AnswerLanguage = 'en-US' | 'zh-CN'

/** The language a client asked for (`X-TC-Language`, or `Language` of version 1); English for all else. */
export function answerLanguage(requested: string | undefined): AnswerLanguage {
  return requested?.trim().toLowerCase() === 'zh-cn' ? 'zh-CN' : 'en-US'
}

export function inLanguage(text: LocalizedText, language: AnswerLanguage): string {
  return language === 'zh-CN' ? text.zh : text.en
}
