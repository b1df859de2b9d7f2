import { contentWordCount, wordsOf } from '../words.ts'

/** Listening noises: they do not ask for the floor. One line a language: en zh es ja fr de pt ko. */
const backchannels = [
  'uh-huh|mm-hm|mhm|mmhm|mm|hm|hmm|uhhuh|aha|oh|ah|yeah|yes|yep|yup|ok|okay|right|sure|alright|i see|got it|great|good|cool',
  '嗯|对|好|好的|是|是的|哦|噢|喔|啊|行|可以|明白|知道了|没错',
  'sí|si|vale|claro|ajá|ya|bueno|de acuerdo|bien',
  'はい|うん|ええ|そう|そうですね|なるほど|へえ',
  "oui|ouais|d'accord|très bien",
  'ja|genau|gut|klar|ach so|stimmt',
  'sim|tá|certo|aham|pois|está bem',
  '네|예|응|음|그래요|그렇군요|맞아요',
].flatMap(entries)

/** Said over the assistant these ask whether it is there: it goes on, which is the answer. */
const salutations = [
  'hello|hi|hey',
  '喂|你好|您好',
  'hola|diga|dígame',
  'もしもし',
  'allô|allo|bonjour',
  'hallo',
  'alô|olá',
  '여보세요',
].flatMap(entries)

/** Said alone or first, these take the floor at once. */
const stopWords = [
  'stop|wait|hold on|hang on|no|excuse me|pause|listen|enough|never mind',
  '停|等等|等一下|不|别说了|打断一下|慢着|稍等',
  'espera|espere|alto|no|oiga|un momento',
  '待って|ちょっと待って|止めて|ストップ|いや|違う',
  'attends|attendez|non|arrête|arrêtez|un instant',
  'stopp|halt|warte|warten|nein|moment',
  'pare|espere|não|um momento',
  '잠깐|잠깐만요|아니|아니요|멈춰|그만',
].flatMap(entries)

/** Scripts whose words are not set apart by blanks, or whose endings vary. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const backchannelWords = new Set(backchannels)
const backchannelPattern = anyOf(backchannels)
const idlePattern = anyOf([...backchannels, ...salutations])

/** The whole text is made of listening noises. Empty text is not. */
export const isBackchannel = (text: string): boolean => backchannelPattern.test(squash(text))

/** Made of listening noises and calls of "hello?". */
export const isIdleNoise = (text: string): boolean => idlePattern.test(squash(text))

/** The text begins with words that demand silence from the assistant. */
export function startsWithStopWord(text: string): boolean {
  const words = wordsOf(text)
  const start = [1, 2].map((count) => words.slice(0, count).join(''))
  const whole = squash(text)
  return stopWords.some((word) => start.includes(word) || (unspaced.test(word) && whole.startsWith(word)))
}

export const contentWords = (text: string): number =>
  isBackchannel(text) ? 0 : contentWordCount(text, (word) => backchannelWords.has(word))

/** The last sentence asks something; up to three words may have followed it. "Yes" is then an answer. */
export function justAsked(heard: string): boolean {
  const end = heard.search(/[?？][^?？]*$/u)
  const tail = end < 0 ? '' : heard.slice(end + 1)
  if (end >= 0) return wordsOf(tail).length <= 3
  return /[吗呢][。.]?\s*$/u.test(heard)
}

function entries(line: string): string[] {
  return line.split('|').map(squash)
}

function anyOf(words: readonly string[]): RegExp {
  return new RegExp(`^(?:${[...words].sort((a, b) => b.length - a.length).join('|')})+$`, 'u')
}

function squash(text: string): string {
  return wordsOf(text).join('')
}
