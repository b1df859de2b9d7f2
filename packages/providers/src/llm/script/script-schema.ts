import { z } from 'zod'

const lines = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((value) => [value].flat())

/** What happens when a rule fires: speech, then at most one move. */
const outcome = {
  /** Said; of several, another one each time. */
  say: lines.optional(),
  /** The step to go on with; what it asks is said after `say`. */
  goto: z.string().optional(),
  /** Ends the call when this has been said, if the caller declared a tool for it. */
  end: z.boolean().optional(),
  /** Calls the tool of this name, if it was declared. */
  call: z.string().optional(),
}

const rule = z.strictObject({
  /** Phrases that may occur in what the user said, or `/regular expressions/`. `{name}` stands for an entry of a list. */
  when: lines,
  ...outcome,
})

const otherwise = z.strictObject(outcome)

const step = z.strictObject({
  /** Said when the step is entered, and again when nothing matched. */
  ask: z.string().min(1).optional(),
  rules: z.array(rule).default([]),
  otherwise: otherwise.optional(),
})

export const scriptSchema = z.strictObject({
  name: z.string().min(1).default('script'),
  /** Named sets of phrases for `{name}` in rules; what was heard is kept and can be said as `{{name}}`. */
  lists: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.array(z.string().min(1)).min(1)).default({}),
  /** Name of the first step. Default: the first in the file. */
  start: z.string().optional(),
  /** Tried in each step after its own rules. */
  always: z.array(rule).default([]),
  steps: z.record(z.string(), step).refine((steps) => Object.keys(steps).length > 0, 'at least one step is needed'),
  /** For steps that have none of their own. */
  otherwise: otherwise.default({ say: ['Sorry, I did not understand that.'] }),
  /** Takes over after so many misunderstandings in a row. */
  giveUp: z.strictObject({ after: z.number().int().min(1), ...outcome }).optional(),
})

export type ScriptDocument = z.infer<typeof scriptSchema>
export type ScriptOutcome = z.infer<typeof otherwise>
export type ScriptRule = z.infer<typeof rule>
