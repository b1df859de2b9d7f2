import { type SpeechRule, speechRule } from './verbalise.ts'

/** How the signs in an address are called, and digits that stand alone. */
export interface AddressWords {
  readonly at: string
  readonly dot: string
  readonly slash: string
  readonly dash: string
  readonly underscore: string
  /** Other signs; one that is missing is not said. */
  readonly signs: Readonly<Record<string, string>>
  digits(digits: string): string
}

const domains =
  'com|net|org|edu|gov|info|biz|io|ai|app|dev|shop|store|cloud|online|example|test|co|uk|de|fr|es|it|cn|hk|tw|jp|kr|eu|ca|au|nz|br|mx|sg|tv|cc'
const host = String.raw`(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.){1,6}`
const path = String.raw`(?:\/(?:[!-~]*[A-Za-z\d/])?|[:?#][!-~]*[A-Za-z\d/])?`

/** E-mail and web addresses: the scheme is dropped, the signs are called by name. */
export function addressRules(words: AddressWords): readonly SpeechRule[] {
  const say = (address: string) => sayAddress(address, words)
  return [
    speechRule(
      String.raw`(?:mailto:)?(?<address>[A-Za-z\d](?:[\w.+%-]{0,62}[\w+])?@${host}[A-Za-z]{2,24})(?![A-Za-z\d])`,
      ({ part }) => say(part('address')),
    ),
    speechRule(/(?:https?|ftp|wss?):\/\/(?<address>[!-~]*[A-Za-z\d/])/iu, ({ part }) => say(part('address'))),
    speechRule(/www\.[!-~]*[A-Za-z\d/]/iu, ({ text }) => say(text)),
    speechRule(`${host}(?:${domains})(?![A-Za-z\\d-])${path}`, ({ text }) => say(text)),
  ]
}

function sayAddress(address: string, { at, dot, slash, dash, underscore, signs, digits }: AddressWords): string {
  const names: Readonly<Record<string, string>> = { ...signs, '@': at, '.': dot, '/': slash, '-': dash, _: underscore }
  return address
    .replace(/\/$/u, '')
    .replace(/(?<![A-Za-z\d])\d+(?![A-Za-z\d])/gu, (run) => digits(run))
    .replace(/[!-/:-@[-`{-~]/gu, (sign) => ` ${names[sign] ?? ''} `)
    .replace(/ +/gu, ' ')
    .trim()
}
