import { buildUtterance, type PhoneRandom, type ScriptInput, type Utterance } from '@parley/callee'
import type { SimulatedUtterance } from '../../simulators/script.ts'
import { OnsetFollower } from '../../simulators/voice-onset.ts'
import { speechOnset } from '../onset/speech-onset.ts'
import type { Act, Moment, Scenario } from '../scenario/scenario.ts'
import type { VoiceClip } from './voice-clips.ts'

/** A sound of one step of the phone and the act it stands for. */
interface PlannedSound {
  readonly act: Act
  readonly fromSample: number
  readonly toSample: number
}

type PhoneStep = NonNullable<ScriptInput['steps']>[number]
type Part = NonNullable<NonNullable<PhoneStep['backchannel']>['parts']>[number]
type Voice = NonNullable<ScriptInput['voice']>

/** One scenario as a telephone does it, and as the simulated recogniser will hear it. */
export interface LiveCall {
  readonly scenario: Scenario
  readonly voice: Voice
  /** Whether the listening noises and interruptions are those of a person. */
  readonly isHuman: boolean
  readonly steps: readonly PhoneStep[]
  readonly utterances: readonly SimulatedUtterance[]
  /** By step. */
  readonly sounds: ReadonlyMap<number, readonly PlannedSound[]>
}

/** The simulated voice speaks a word in three symbols of 60 ms. */
const wordMs = 180
export const replyWords = 24
/** Level of the caller's own voice, about; noises and others are set against it. */
const speechDb = -20
/** Talk to others below this level is not understood. Taste. */
const overheardDb = -18
/** Words must not slip behind the last packet when the onset is found one block later. */
const slackMs = 10

interface Plan {
  readonly steps: PhoneStep[]
  readonly utterances: SimulatedUtterance[]
  readonly sounds: Map<number, PlannedSound[]>
}

/**
 * Turns a scenario into steps. `clips`: recordings for what would otherwise be synthesised, by text.
 * @throws Error on a clip that cannot be read
 */
export async function planCall(
  scenario: Scenario,
  voice: Voice,
  clips: ReadonlyMap<string, VoiceClip>,
  random: PhoneRandom,
): Promise<LiveCall> {
  const plan: Plan = { steps: [], utterances: [], sounds: new Map() }
  const speech = (text: string, own: string | null = null): Part => {
    const clip = own ?? clips.get(text)?.path
    return clip === undefined ? { text } : { clip }
  }
  for (let index = 0; index < scenario.acts.length; index += 1) {
    const act = scenario.acts[index] as Act
    if (act.kind !== 'say') {
      await addStep(plan, act, speech, voice, random)
      continue
    }
    const turn = takeTurn(scenario.acts, index)
    index += turn.length - 1
    const parts = turn.map((piece) => (piece.kind === 'say' ? speech(piece.text, piece.clip) : { pause: piece.ms }))
    await addSound(
      plan,
      { say: { parts } },
      parts,
      turn.filter((piece) => piece.kind === 'say'),
      0,
      voice,
      random,
    )
  }
  // What is being said is heard out: hanging up would look like an interruption.
  if (scenario.acts.at(-1)?.kind !== 'heard') plan.steps.push({ wait: { heard: 'end', silence: 700, timeout: 9_000 } })
  plan.steps.push({ hangup: true })
  return {
    scenario,
    voice,
    isHuman: clips.size > 0 || scenario.acts.some((act) => 'clip' in act && act.clip !== null),
    ...plan,
  }
}

/** Words and the pauses between them, from `from` on. */
function takeTurn(acts: readonly Act[], from: number) {
  const turn: Extract<Act, { kind: 'say' | 'pause' }>[] = []
  for (const act of acts.slice(from)) {
    if (act.kind !== 'say' && act.kind !== 'pause') break
    turn.push(act)
  }
  return turn
}

async function addStep(
  plan: Plan,
  act: Exclude<Act, { kind: 'say' }>,
  speech: (text: string, clip?: string | null) => Part,
  voice: Voice,
  random: PhoneRandom,
): Promise<void> {
  const { steps } = plan
  switch (act.kind) {
    case 'assistant':
      return
    case 'pause':
    case 'silence':
      steps.push({ silence: act.ms })
      return
    case 'heard':
      steps.push({ wait: { heard: act.what, silence: 400, timeout: 12_000 } })
      return
    case 'dtmf':
      steps.push({ dtmf: act.keys })
      return
    case 'echo':
      steps.push({ echo: { delay: act.delayMs, erlDb: act.erlDb, tail: act.tailMs } })
      plan.sounds.set(steps.length - 1, [{ act, fromSample: 0, toSample: 0 }])
      return
    case 'noise': {
      const noise = { kind: act.noise, for: act.ms, levelDb: noiseDb(act.snrDb) }
      const step: PhoneStep = act.when ? { backchannel: { parts: [{ noise }], ...after(act.when) } } : { noise }
      return addSound(plan, step, [{ noise }], [act], 0, voice, random)
    }
    case 'interrupt': {
      const parts = [speech(act.text, act.clip)]
      return addSound(plan, { interrupt: { parts, ...after(act.when) } }, parts, [act], 0, voice, random)
    }
    case 'backchannel': {
      const parts = Array.from({ length: act.count }, (_, count) => [
        ...(count > 0 ? [{ pause: act.gapMs }] : []),
        speech(act.text),
      ])
      const step = { backchannel: { parts: parts.flat(), ...after(act.when) } }
      return addSound(
        plan,
        step,
        parts.flat(),
        parts.map(() => act),
        0,
        voice,
        random,
      )
    }
    case 'other_talk': {
      const parts = [speech(act.text)]
      const step = { backchannel: { parts, gainDb: act.levelDb, ...after(act.when) } }
      return addSound(plan, step, parts, [act], act.levelDb, voice, random)
    }
    default:
      act satisfies never
  }
}

/** Noise of a signal-to-noise ratio against the caller's own voice. */
const noiseDb = (snrDb: number) => Math.max(-75, Math.min(-5, speechDb - snrDb))

function after(when: Moment | null): { readonly after: number } {
  if (!when) return { after: 0 }
  if (when.by === 'time') return { after: when.afterMs }
  const words = when.by === 'word' ? when.word - 1 : Math.round(when.share * replyWords)
  // At the very end there must still be something to talk over.
  return { after: Math.min(words * wordMs, replyWords * wordMs - 120) }
}

async function addSound(
  plan: Plan,
  step: PhoneStep,
  parts: readonly Part[],
  acts: readonly Act[],
  gainDb: number,
  voice: Voice,
  random: PhoneRandom,
): Promise<void> {
  const utterance = await buildUtterance(parts.map(toSpeechPart), voice, gainDb, random)
  plan.steps.push(step)
  plan.sounds.set(
    plan.steps.length - 1,
    utterance.parts.map((range, index) => soundOf(utterance.samples, range, acts[index] ?? (acts[0] as Act))),
  )
  const heard = recognised(utterance, acts)
  if (heard) plan.utterances.push(heard)
}

/** An interruption begins with its first audible speech, not with the breath that a recording may begin with. */
function soundOf(samples: Int16Array, { fromSample, toSample }: Omit<PlannedSound, 'act'>, act: Act): PlannedSound {
  const leadIn = act.kind === 'interrupt' ? speechOnset(samples.subarray(fromSample, toSample)) : 0
  return { act, fromSample: fromSample + leadIn, toSample }
}

function toSpeechPart({ text, clip, pause, noise }: Part): Parameters<typeof buildUtterance>[0][number] {
  if (text !== undefined) return { kind: 'text', text }
  if (clip !== undefined) return { kind: 'clip', clip }
  if (noise) return { kind: 'noise', noise: noise.kind, ms: Number(noise.for), levelDb: noise.levelDb ?? speechDb }
  return { kind: 'pause', pauseMs: Number(pause) }
}

/** What the recogniser will make of it. Undefined: it is too quiet to be noticed at all. */
function recognised({ samples, parts }: Utterance, acts: readonly Act[]): SimulatedUtterance | undefined {
  const onset = new OnsetFollower().push(samples)[0]
  if (onset === undefined) return undefined
  const words = parts.flatMap(({ fromSample, toSample }, index) => {
    const act = acts[index] ?? acts[0]
    if (!act || !('text' in act) || (act.kind === 'other_talk' && act.levelDb < overheardDb)) return []
    const texts = wordsOf(act.text)
    const letters = texts.reduce((sum, text) => sum + text.length + 1, 0)
    let passed = 0
    return texts.map((text) => {
      passed += text.length + 1
      const end = fromSample + (passed / letters) * (toSample - fromSample) - slackMs * 8
      return { text, endMs: Math.max(1, (end - onset) / 8) }
    })
  })
  return { words, durationMs: ((parts.at(-1)?.toSample ?? samples.length) - onset) / 8, isTagged: false }
}

/** As recognisers without punctuation write. */
const wordsOf = (text: string) =>
  text
    .replace(/[.,;:!?]+(?=\s|$)/g, '')
    .split(/\s+/)
    .filter((word) => word !== '')
