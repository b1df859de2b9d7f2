/** What the voice of `speechMarkup` is. */
export interface MarkupVoice {
  /** Of the voice, e.g. `en-US-JennyNeural`. */
  readonly name: string
  /** Of the document, e.g. `en-US`. */
  readonly language: string
  /** 1: as the voice speaks by itself. */
  readonly rate: number
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** What XML 1.0 may not hold in any form, halves of surrogate pairs included. */
const impossible = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/**
 * One SSML document in which `voice` says `words`, whatever these are: markup in them is read out, not obeyed.
 * @see https://www.w3.org/TR/speech-synthesis11/
 */
export function speechMarkup(words: string, { name, language, rate }: MarkupVoice): string {
  const text = escaped(words)
  const paced = rate === 1 ? text : `<prosody rate="${rate}">${text}</prosody>`
  const voice = `<voice name="${escaped(name)}">${paced}</voice>`
  const namespace = 'http://www.w3.org/2001/10/synthesis'
  return `<speak version="1.0" xmlns="${namespace}" xml:lang="${escaped(language)}">${voice}</speak>`
}

function escaped(text: string): string {
  return text.replace(impossible, '').replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}
