import { cardinalEn } from './numbers-en.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

const half = String.raw`(?: ?[AaPp](?:\.[Mm]\.?|[Mm](?![A-Za-z])))`
const clock = String.raw`(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])${half}?`
const hour = '(?:1[0-2]|0?[1-9])'
const to = ' ?[-–—] ?'

/** Times of the day, alone and from - to. */
export const timeRulesEn: readonly SpeechRule[] = [
  speechRule(`(?<from>${clock}|${hour}${half}?)${to}(?<to>${clock}|${hour}${half})`, (found) => {
    const { part } = found
    return `${timeEn(part('from'), true)} to ${endOfSentence(timeEn(part('to'), true), found)}`
  }),
  speechRule(`(?:${clock}|${hour}${half})(?:Z(?![A-Za-z]))?`, (found) =>
    endOfSentence(timeEn(found.text, false), found),
  ),
]

/** `inRange`: "nine to seventeen", without "o'clock". */
function timeEn(written: string, inRange: boolean): string {
  const [hours = '', minutes, seconds] = written.match(/\d+/gu) ?? []
  const dayHalf = /a\.?m/iu.test(written) ? ' a.m.' : /p\.?m/iu.test(written) ? ' p.m.' : ''
  const zone = written.endsWith('Z') ? ' UTC' : ''
  const tail =
    seconds === undefined || seconds === '00'
      ? ''
      : ` and ${cardinalEn(seconds)} ${seconds === '01' ? 'second' : 'seconds'}`
  return `${hourAndMinutes(Number(hours), minutes, dayHalf !== '' || inRange)}${tail}${dayHalf}${zone}`
}

function hourAndMinutes(hours: number, minutes: string | undefined, plain: boolean): string {
  const said = cardinalEn(String(hours))
  if (minutes === undefined) return said
  if (minutes !== '00') return `${said} ${minutes.startsWith('0') ? `oh ${cardinalEn(minutes)}` : cardinalEn(minutes)}`
  if (hours === 0 || hours === 24) return 'midnight'
  if (hours > 12) return `${said} hundred`
  return plain ? said : `${said} o'clock`
}

/** The dot of "p.m." is the one that ends the sentence. */
const endOfSentence = (said: string, { after }: Found): string =>
  said.endsWith('.') && after.startsWith('.') ? said.slice(0, -1) : said
