import { z } from 'zod'

const pattern = z.string().transform((text, context) => {
  try {
    const expression = new RegExp(text, 'giu')
    if (!expression.test('')) return expression
    context.addIssue({ code: 'custom', message: 'must not match the empty text' })
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a regular expression' })
  }
  return z.NEVER
})

/** What of a call is not stored, shown or pushed. */
export const privacySettings = z.strictObject({
  digits: z.boolean('must be true or false').exactOptional(),
  minDigits: z.int('must be a whole number').min(2).max(32).exactOptional(),
  patterns: z.array(pattern).max(50).exactOptional(),
  keepPausedTranscript: z.boolean('must be true or false').exactOptional(),
})

/** Where nothing is set. Six digits: more than years, prices and hours have. Taste. */
export const privacyDefaults = { digits: false, minDigits: 6, patterns: [], keepPausedTranscript: false }
