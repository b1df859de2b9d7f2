/** Pictures, and what joins and colours them. */
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u{FE0F}|\u{200D}|\u{20E3}/gu
const spokenPictographs = /[©®™]/u

/** Text as a voice should get it: no markdown, no emoji, single blanks. */
export function speakable(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/```[a-z]*/giu, ' ')
    .replace(/^[ \t]*(?:#{1,6}|[-*+•]|>)[ \t]+/gmu, '')
    .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gmu, ' ')
    .replace(/\*+|`+|~~+/gu, '')
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\|/gu, ' ')
    .replace(emoji, (picture) => (spokenPictographs.test(picture) ? picture : ''))
    .replace(/\s+/gu, ' ')
    .replace(/ (?=[.,!?;:](?: |$))/gu, '')
    .trim()
}
