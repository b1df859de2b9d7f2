/** Sign a text ends with, as the recogniser or the model set it; `none`: a word. */
export type Mark = 'none' | 'stop' | 'question' | 'comma' | 'ellipsis'

/** Sentences with their last signs, in order. Points inside numbers and addresses part nothing. */
export function sentencesOf(text: string): readonly string[] {
  const parts = text.split(/(?<=[.!?…]["'”’)]?)\s+|(?<=[。！？])|\n+/u)
  return parts.map((part) => part.trim()).filter((part) => /[\p{L}\p{N}]/u.test(part))
}

export function markOf(text: string): Mark {
  const end = text.trimEnd().replace(/["'”’)\]]$/u, '')
  if (/(?:…|\.\.|。。)$/u.test(end)) return 'ellipsis'
  if (/[?？]$/u.test(end)) return 'question'
  if (/[.!。！]$/u.test(end)) return 'stop'
  return /[,，、;；:：\-–—]$/u.test(end) ? 'comma' : 'none'
}
