import { z } from 'zod'
import { type Act, type Label, type Moment, noiseKinds } from './scenario.ts'

const milliseconds = z.number().int().nonnegative()
const text = z.string().trim().min(1)
const labels = z.enum(['hold', 'eot', 'bargein', 'ignore'])

/** `atWord: 3`, `at: 0.5` (share of its words; 1: as it ends) or `afterMs: 200` (of its first audio). */
const moment = {
  atWord: z.int().min(1).optional(),
  at: z.number().min(0).max(1).optional(),
  afterMs: milliseconds.optional(),
}

const steps = {
  assistant: text,
  say: z.union([text, z.strictObject({ text, clip: text.optional(), label: labels.optional() })]),
  pause: z.union([milliseconds, z.strictObject({ ms: milliseconds, label: labels.optional() })]),
  silence: milliseconds,
  heard: z.enum(['start', 'end']),
  dtmf: z
    .union([z.number(), z.string()])
    .transform(String)
    .pipe(z.string().regex(/^[0-9*#A-D]+$/, 'keys are 0-9 * # A-D')),
  echo: z.strictObject({
    delayMs: z.number().min(0).max(600),
    erlDb: z.number().min(0).max(60),
    tailMs: milliseconds.default(0),
  }),
  interrupt: z.strictObject({
    text,
    clip: text.optional(),
    soft: z.boolean().default(false),
    label: labels.default('bargein'),
    ...moment,
  }),
  backchannel: z.strictObject({
    kind: text,
    count: z.int().min(1).max(5).default(1),
    gapMs: milliseconds.default(500),
    label: labels.default('ignore'),
    ...moment,
  }),
  noise: z.strictObject({
    kind: z.enum(noiseKinds),
    snrDb: z.number().min(-20).max(40).default(10),
    ms: z.int().min(10).max(10_000),
    label: labels.default('ignore'),
    ...moment,
  }),
  other_talk: z.strictObject({
    text,
    levelDb: z.number().min(-60).max(0).default(-20),
    label: labels.default('ignore'),
    ...moment,
  }),
}

const optionalSteps = z.strictObject(steps).partial()

/** One entry of a timeline: an object with exactly one key. Says what is wrong at its path. */
export const stepSchema = optionalSteps.transform((step, context): Act => {
  const given = Object.values(step).filter((value) => value !== undefined).length
  if (given !== 1) context.addIssue({ code: 'custom', message: `a step has exactly one key, not ${given}` })
  return toAct(step, (message) => context.addIssue({ code: 'custom', message }))
})

interface WrittenMoment {
  readonly atWord?: number | undefined
  readonly at?: number | undefined
  readonly afterMs?: number | undefined
}

function momentOf({ atWord, at, afterMs }: WrittenMoment, complain: (message: string) => void): Moment | null {
  if ([atWord, at, afterMs].filter((value) => value !== undefined).length > 1)
    complain('only one of atWord, at, afterMs can be given')
  if (atWord !== undefined) return { by: 'word', word: atWord }
  if (at !== undefined) return { by: 'share', share: at }
  return afterMs === undefined ? null : { by: 'time', afterMs }
}

function toAct(step: z.output<typeof optionalSteps>, complain: (message: string) => void): Act {
  const over = (written: WrittenMoment & { readonly label: Label }) => ({
    when: momentOf(written, complain),
    label: written.label,
  })
  if (step.assistant !== undefined) return { kind: 'assistant', text: step.assistant }
  if (step.say !== undefined) {
    const said = typeof step.say === 'string' ? { text: step.say } : step.say
    return { kind: 'say', text: said.text, clip: said.clip ?? null, label: said.label ?? 'eot' }
  }
  if (step.pause !== undefined) {
    const pause = typeof step.pause === 'number' ? { ms: step.pause } : step.pause
    return { kind: 'pause', ms: pause.ms, label: pause.label ?? 'hold' }
  }
  if (step.heard !== undefined) return { kind: 'heard', what: step.heard }
  if (step.dtmf !== undefined) return { kind: 'dtmf', keys: step.dtmf }
  if (step.echo) return { kind: 'echo', ...step.echo }
  if (step.interrupt) {
    const { text, clip, soft } = step.interrupt
    return { kind: 'interrupt', text, clip: clip ?? null, soft, ...over(step.interrupt) }
  }
  if (step.backchannel) {
    const { kind, count, gapMs } = step.backchannel
    return { kind: 'backchannel', text: kind, count, gapMs, ...over(step.backchannel) }
  }
  if (step.noise) {
    const { kind, snrDb, ms } = step.noise
    return { kind: 'noise', noise: kind, snrDb, ms, ...over(step.noise) }
  }
  if (step.other_talk) {
    const { text, levelDb } = step.other_talk
    return { kind: 'other_talk', text, levelDb, ...over(step.other_talk) }
  }
  return { kind: 'silence', ms: step.silence ?? 0 }
}
