import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { type NoiseKind, noiseKinds } from './noise-sounds.ts'

const durationMs = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration like 800ms, 5s or 2m')])
  .transform((value) => {
    if (typeof value === 'number') return value
    const unit = value.endsWith('ms') ? 1 : value.endsWith('s') ? 1000 : 60_000
    return Number.parseFloat(value) * unit
  })

/** `levelDb`: RMS of its loud part, dBFS. */
const noiseSchema = z
  .strictObject({
    kind: z.enum(noiseKinds),
    for: durationMs,
    levelDb: z.number().min(-80).max(-3).default(-30),
  })
  .transform(({ kind, for: ms, levelDb }) => ({ noise: kind, ms, levelDb }))

/** Frequencies that sound together, on and off in turn, `times` times. */
const toneSchema = z
  .strictObject({
    hz: z.array(z.number().min(100).max(3_400)).min(1).max(4),
    on: durationMs,
    off: durationMs.default(0),
    times: z.int().min(1).max(100).default(1),
    levelDb: z.number().min(-60).max(-6).default(-16),
  })
  .transform(({ hz, on, off, times, levelDb }) => ({ hz, onMs: on, offMs: off, times, levelDb }))

export type Tone = z.output<typeof toneSchema>

const pieceSchema = z
  .strictObject({
    text: z.string().min(1).optional(),
    clip: z.string().min(1).optional(),
    pause: durationMs.optional(),
    noise: noiseSchema.optional(),
    tone: toneSchema.optional(),
  })
  .transform((piece, context): SpeechPart => {
    const given = Object.values(piece).filter((value) => value !== undefined).length
    if (given !== 1) context.addIssue({ code: 'custom', message: 'one of text, clip, pause, noise, tone is needed' })
    if (piece.text !== undefined) return { kind: 'text', text: piece.text }
    if (piece.clip !== undefined) return { kind: 'clip', clip: piece.clip }
    if (piece.noise !== undefined) return { kind: 'noise', ...piece.noise }
    if (piece.tone !== undefined) return { kind: 'tone', ...piece.tone }
    return { kind: 'pause', pauseMs: piece.pause ?? 0 }
  })

/** A piece of what the caller says. */
export type SpeechPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'clip'; readonly clip: string }
  | { readonly kind: 'pause'; readonly pauseMs: number }
  | ({ readonly kind: 'tone' } & Tone)
  /** A sound that is no speech. */
  | { readonly kind: 'noise'; readonly noise: NoiseKind; readonly ms: number; readonly levelDb: number }

const speechFields = {
  text: z.string().min(1).optional(),
  clip: z.string().min(1).optional(),
  parts: z.array(pieceSchema).min(1).optional(),
  gainDb: z.number().min(-60).max(20).default(0),
}

interface SpeechFields {
  readonly text?: string | undefined
  readonly clip?: string | undefined
  readonly parts?: readonly SpeechPart[] | undefined
}

function partsOf(fields: SpeechFields, context: z.core.$RefinementCtx): readonly SpeechPart[] {
  const { text, clip, parts } = fields
  if ([text, clip, parts].filter((value) => value !== undefined).length !== 1)
    context.addIssue({ code: 'custom', message: 'one of text, clip, parts is needed' })
  if (text !== undefined) return [{ kind: 'text', text }]
  if (clip !== undefined) return [{ kind: 'clip', clip }]
  return parts ?? []
}

const saySchema = z
  .strictObject(speechFields)
  .transform((fields, context) => ({ parts: partsOf(fields, context), gainDb: fields.gainDb }))
const overSchema = z
  .strictObject({ ...speechFields, after: durationMs.default(0), timeout: durationMs.default(15_000) })
  .transform((fields, context) => ({
    parts: partsOf(fields, context),
    gainDb: fields.gainDb,
    afterMs: fields.after,
    timeoutMs: fields.timeout,
  }))

const stepSchema = z
  .strictObject({
    wait: z
      .strictObject({
        heard: z.enum(['start', 'end']),
        silence: durationMs.default(600),
        timeout: durationMs.default(15_000),
      })
      .optional(),
    say: saySchema.optional(),
    interrupt: overSchema.optional(),
    backchannel: overSchema.optional(),
    pause: durationMs.optional(),
    silence: durationMs.optional(),
    dtmf: z
      .string()
      .regex(/^[0-9*#A-Da-d]+$/, 'keys are 0-9 * # A-D')
      .optional(),
    hangup: z.literal(true).optional(),
    /** Sounds at once, whoever is speaking. */
    noise: noiseSchema.optional(),
    /** From here on the line gives back what the phone hears, that much later and weaker. */
    echo: z
      .strictObject({ delay: durationMs, erlDb: z.number().min(0).max(60), tail: durationMs.default(0) })
      .optional(),
    hold: z.strictObject({ for: durationMs, mode: z.enum(['sendonly', 'inactive']).default('sendonly') }).optional(),
    garbage: z.strictObject({ count: z.int().min(1).max(100_000) }).optional(),
    'alien-rtp': z.strictObject({ for: durationMs.default(1000) }).optional(),
    'stop-rtp': durationMs.optional(),
    'ssrc-change': z.literal(true).optional(),
  })
  .transform((raw, context): Step => {
    const given = Object.entries(raw).filter(([, value]) => value !== undefined)
    if (given.length !== 1) {
      context.addIssue({ code: 'custom', message: 'a step has exactly one key' })
      return { kind: 'silence', ms: 0 }
    }
    return toStep(raw)
  })

interface Over {
  readonly parts: readonly SpeechPart[]
  readonly gainDb: number
  readonly afterMs: number
  readonly timeoutMs: number
}

/** One line of a script, durations in ms. */
export type Step =
  | { readonly kind: 'wait'; readonly heard: 'start' | 'end'; readonly silenceMs: number; readonly timeoutMs: number }
  | { readonly kind: 'say'; readonly parts: readonly SpeechPart[]; readonly gainDb: number }
  | ({ readonly kind: 'interrupt' | 'backchannel' } & Over)
  | { readonly kind: 'silence'; readonly ms: number }
  | { readonly kind: 'noise'; readonly parts: readonly SpeechPart[]; readonly gainDb: number }
  | { readonly kind: 'echo'; readonly delayMs: number; readonly erlDb: number; readonly tailMs: number }
  | { readonly kind: 'dtmf'; readonly keys: string }
  | { readonly kind: 'hangup' }
  | { readonly kind: 'hold'; readonly ms: number; readonly mode: 'sendonly' | 'inactive' }
  | { readonly kind: 'garbage'; readonly count: number }
  | { readonly kind: 'alien-rtp'; readonly ms: number }
  | { readonly kind: 'stop-rtp'; readonly ms: number }
  | { readonly kind: 'ssrc-change' }

interface RawStep {
  readonly wait?: { readonly heard: 'start' | 'end'; readonly silence: number; readonly timeout: number } | undefined
  readonly say?: { readonly parts: readonly SpeechPart[]; readonly gainDb: number } | undefined
  readonly interrupt?: Over | undefined
  readonly backchannel?: Over | undefined
  readonly pause?: number | undefined
  readonly silence?: number | undefined
  readonly dtmf?: string | undefined
  readonly noise?: { readonly noise: NoiseKind; readonly ms: number; readonly levelDb: number } | undefined
  readonly echo?: { readonly delay: number; readonly erlDb: number; readonly tail: number } | undefined
  readonly hold?: { readonly for: number; readonly mode: 'sendonly' | 'inactive' } | undefined
  readonly garbage?: { readonly count: number } | undefined
  readonly 'alien-rtp'?: { readonly for: number } | undefined
  readonly 'stop-rtp'?: number | undefined
  readonly 'ssrc-change'?: true | undefined
}

function toStep(raw: RawStep): Step {
  const { wait } = raw
  if (wait) return { kind: 'wait', heard: wait.heard, silenceMs: wait.silence, timeoutMs: wait.timeout }
  if (raw.say) return { kind: 'say', ...raw.say }
  if (raw.interrupt) return { kind: 'interrupt', ...raw.interrupt }
  if (raw.backchannel) return { kind: 'backchannel', ...raw.backchannel }
  if (raw.dtmf !== undefined) return { kind: 'dtmf', keys: raw.dtmf.toUpperCase() }
  if (raw.noise) return { kind: 'noise', parts: [{ kind: 'noise', ...raw.noise }], gainDb: 0 }
  if (raw.echo) return { kind: 'echo', delayMs: raw.echo.delay, erlDb: raw.echo.erlDb, tailMs: raw.echo.tail }
  if (raw.hold) return { kind: 'hold', ms: raw.hold.for, mode: raw.hold.mode }
  if (raw.garbage) return { kind: 'garbage', count: raw.garbage.count }
  if (raw['alien-rtp']) return { kind: 'alien-rtp', ms: raw['alien-rtp'].for }
  if (raw['stop-rtp'] !== undefined) return { kind: 'stop-rtp', ms: raw['stop-rtp'] }
  if (raw['ssrc-change']) return { kind: 'ssrc-change' }
  const quietMs = raw.silence ?? raw.pause
  return quietMs === undefined ? { kind: 'hangup' } : { kind: 'silence', ms: quietMs }
}

const scriptSchema = z
  .strictObject({
    answer: z.strictObject({ after: durationMs.default(0), early: z.boolean().default(false) }).optional(),
    /** Played in a 183 before the answer or the refusal. */
    early: saySchema.optional(),
    reject: z.strictObject({ status: z.int().min(300).max(699).default(603), after: durationMs.default(0) }).optional(),
    never: z.boolean().default(false),
    busy: z.boolean().default(false),
    silent: z.boolean().default(false),
    'trying-only': z.boolean().default(false),
    reliable: z.boolean().default(false),
    codec: z.enum(['pcma', 'pcmu', 'none']).default('pcma'),
    voice: z.enum(['awb', 'rms', 'slt', 'kal', 'kal16']).default('awb'),
    /** Level above which received sound counts as the assistant speaking. */
    thresholdDb: z.number().min(-90).max(0).default(-50),
    /** As caller: CANCEL this long after the INVITE unless answered. */
    cancel: z.strictObject({ after: durationMs }).optional(),
    drop: z.array(z.string().regex(/^[A-Z]+(-\d{3})?$/, 'a method, or method-status like INVITE-200')).default([]),
    'challenge-forever': z.boolean().default(false),
    steps: z.array(stepSchema).default([]),
    ends: z.enum(['peer', 'phone']).default('phone'),
    endsTimeout: durationMs.default(30_000),
  })
  .refine(
    (script) =>
      [script.answer, script.reject, script.never, script.busy, script.silent, script['trying-only']].filter(Boolean)
        .length <= 1,
    { message: 'only one of answer, reject, never, busy, silent, trying-only can be given' },
  )

/** A checked script: durations in ms, defaults filled in. */
export type Script = z.output<typeof scriptSchema>
/** A script as it is written. */
export type ScriptInput = z.input<typeof scriptSchema>

/** Checks a script given as YAML text or as the object YAML would give. @throws Error listing every problem */
export function parseScript(source: string | ScriptInput): Script {
  const result = scriptSchema.safeParse(typeof source === 'string' ? parseYaml(source) : source)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'script'}: ${issue.message}`)
  throw new Error(`the script has ${problems.length} problem(s)\n${problems.join('\n')}`)
}
