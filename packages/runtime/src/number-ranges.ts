import { z } from 'zod'

/** A number of a file, both ends included; the message names the range. */
export function within(lowest: number, highest: number): z.ZodNumber {
  const message = `must be a number, ${lowest} to ${highest}`
  return z.number(message).min(lowest, message).max(highest, message)
}

/** The same without fractions. */
export function wholeWithin(lowest: number, highest: number): z.ZodInt {
  const message = `must be a whole number, ${lowest} to ${highest}`
  return z.int(message).min(lowest, message).max(highest, message)
}
