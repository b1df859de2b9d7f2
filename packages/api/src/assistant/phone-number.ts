import { checkedText } from '../parameters/fields.ts'

/** `+`, country code and number; E.164 allows 15 digits. */
const international = /^\+[1-9]\d{5,14}$/
/** National numbers, numbers with a `00` prefix, extensions. */
const digits = /^\d{2,20}$/
/** User part of a SIP address, without escapes. */
const sipUser = /^[A-Za-z][A-Za-z0-9._~-]{0,63}$/
/** Service codes such as `*98` and `#21#`. */
const serviceCode = /^[*#][0-9*#]{1,20}$/

/** Whether a text can be dialled: `+86…`, `0086…`, national, an extension or a SIP user part. */
export function isDialable(number: string): boolean {
  return [international, digits, sipUser, serviceCode].some((form) => form.test(number))
}

export const phoneNumber = () =>
  checkedText(isDialable, {
    en: 'is no phone number; use e.g. 008613012345678, +8613012345678, a national number or a SIP user',
    zh: '不是合法的号码，例如 008613012345678、+8613012345678',
  })
