import { z } from 'zod'
import { wholeWithin, within } from '../number-ranges.ts'
import { sdkAppIds } from '../tenant-settings.ts'
import { hostName, phoneNumber } from './sip-text.ts'

const prefixText = z.string().regex(/^[+0-9*#]{0,16}$/, 'must be up to 16 of 0-9, +, * and #')
const digits = (most: number) => z.string().regex(new RegExp(`^\\d{1,${most}}$`), `must be 1 to ${most} digits`)

const rewrite = z
  .strictObject({
    format: z.enum(['as-is', 'e164', 'plain', 'international', 'national']).exactOptional(),
    countryCode: digits(3).exactOptional(),
    internationalPrefix: digits(5).exactOptional(),
    trunkPrefix: z.union([z.literal(''), digits(4)], { error: 'must be up to 4 digits' }).exactOptional(),
    areaCode: digits(5).exactOptional(),
    trimAreaCode: z.boolean('must be true or false').exactOptional(),
    mobilePrefix: prefixText.exactOptional(),
    rules: z
      .array(z.strictObject({ prefix: prefixText, strip: wholeWithin(0, 20).exactOptional(), add: prefixText }))
      .max(1000, 'must have at most 1000 entries')
      .exactOptional(),
  })
  .superRefine((plan, context) => {
    const needs = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (plan.format === 'national' && !plan.countryCode) needs('countryCode', 'format national needs it')
    if (plan.areaCode && !plan.countryCode) needs('countryCode', 'areaCode needs it')
    if (plan.trimAreaCode && !plan.areaCode) needs('areaCode', 'trimAreaCode needs it')
    if (plan.mobilePrefix && plan.countryCode !== '86') {
      needs('mobilePrefix', 'mobile numbers can be told by their digits only where countryCode is "86"')
    }
    const prefixes = (plan.rules ?? []).map(({ prefix }) => prefix)
    const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index)
    if (twice !== undefined) needs('rules', `prefix "${twice}" is given twice`)
  })

/** Keys of a trunk about numbers: those that are ours, and how others are written. */
export const numberSettings = {
  numbers: z
    .array(
      z
        .union(
          [
            phoneNumber,
            z.strictObject({
              number: phoneNumber,
              maxConcurrent: wholeWithin(1, 100_000).exactOptional(),
              maxCps: within(0.01, 10_000).exactOptional(),
              assistant: z.string().min(1).exactOptional(),
              sdkAppIds,
            }),
          ],
          { error: (issue) => describeNumber(issue.input) },
        )
        .transform((entry) => (typeof entry === 'string' ? { number: entry } : entry)),
    )
    .min(1, 'must have at least one entry'),
  limits: z
    .strictObject({
      maxConcurrent: wholeWithin(1, 100_000).default(100),
      maxCps: within(0.01, 10_000).default(10),
    })
    .prefault({}),
  prefix: z
    .string()
    .regex(/^[0-9*#]{0,16}$/, 'must be up to 16 of 0-9, * and #')
    .exactOptional(),
  calleeFormat: z.enum(['as-is', 'e164']).exactOptional(),
  rewrite: z
    .strictObject({
      called: rewrite.exactOptional(),
      from: rewrite.exactOptional(),
      asserted: rewrite.exactOptional(),
    })
    .exactOptional(),
  fromDomain: hostName.exactOptional(),
  requestDomain: hostName.exactOptional(),
  userPhone: z.boolean('must be true or false').exactOptional(),
}

function describeNumber(input: unknown): string {
  return typeof input === 'string'
    ? 'must be digits, with or without a leading +'
    : 'must be a number, or { number, maxConcurrent?, maxCps?, assistant?, sdkAppIds? } with limits above 0'
}
