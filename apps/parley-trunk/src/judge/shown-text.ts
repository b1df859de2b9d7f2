import { hideMiddle, maskNumbers } from '@parley/sip'

/** How texts that hold telephone numbers are shown. */
export type Show = (text: string) => string

/** Longer texts of a peer say nothing more. Taste. */
const maxLength = 200

/**
 * Texts of a peer and URIs as people may read them: no control characters, bounded, and the middle of telephone numbers
 * hidden unless `full`: in URIs as the ladder does it, elsewhere of seven digits or more, so that ports stay readable.
 */
export function shownText(full: boolean): Show {
  return (text) => {
    const clean = text.replace(/\p{Cc}/gu, '?').slice(0, maxLength)
    return full ? clean : maskNumbers(clean).replace(/\d{7,}/g, hideMiddle)
  }
}
