import { buildUtterance, type PhoneRandom, type ScriptInput } from '@parley/callee'
import type { SimulatedUtterance } from '../../simulators/script.ts'
import { speechOnset } from '../onset/speech-onset.ts'
import type { Punctuation } from '../punctuation.ts'
import type { Act, Moment, Scenario } from '../scenario/scenario.ts'
import { recognised } from './recognised-words.ts'
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
/** The assistant has finished when it has been silent for this long; after an interruption it may only have made way. */
const restMs = 400
const answerWithinMs = 1_800
/** Flite would read the letters. */
const spellings = new Map([['mm-hm', 'um-hum']])
/** Level of the caller's own voice, about; noises and others are set against it. */
const speechDb = -20

interface Plan {
  readonly steps: PhoneStep[]
  readonly utterances: SimulatedUtterance[]
  readonly sounds: Map<number, PlannedSound[]>
}

/** How a call sounds, and how its recogniser writes. */
export interface Delivery {
  readonly voice: Voice
  /** Recordings for what would otherwise be synthesised, by text. */
  readonly clips: ReadonlyMap<string, VoiceClip>
  readonly random: PhoneRandom
  readonly punctuation: Punctuation
}

/** Turns a scenario into steps. @throws Error on a clip that cannot be read */
export async function planCall(scenario: Scenario, delivery: Delivery): Promise<LiveCall> {
  const { voice, clips } = delivery
  const plan: Plan = { steps: [], utterances: [], sounds: new Map() }
  for (let index = 0; index < scenario.acts.length; index += 1) {
    const act = scenario.acts[index] as Act
    if (act.kind === 'heard') {
      const silence = lastSound(scenario.acts, index) === 'interrupt' ? answerWithinMs : restMs
      plan.steps.push({ wait: { heard: act.what, silence, timeout: 12_000 } })
      continue
    }
    if (act.kind !== 'say') {
      await addStep(plan, act, delivery)
      continue
    }
    const turn = takeTurn(scenario.acts, index)
    index += turn.length - 1
    const parts = turn.map((piece) => (piece.kind === 'say' ? speech(piece, clips) : { pause: piece.ms }))
    const said = turn.filter((piece) => piece.kind === 'say')
    await addSound(plan, { say: { parts } }, { parts, acts: said }, delivery)
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

const lastSound = (acts: readonly Act[], before: number): Act['kind'] | undefined =>
  acts.slice(0, before).findLast(({ kind }) => kind !== 'assistant')?.kind

/** Words and the pauses between them, from `from` on. */
function takeTurn(acts: readonly Act[], from: number) {
  const turn: Extract<Act, { kind: 'say' | 'pause' }>[] = []
  for (const act of acts.slice(from)) {
    if (act.kind !== 'say' && act.kind !== 'pause') break
    turn.push(act)
  }
  return turn
}

function speech(
  { text, clip }: { readonly text: string; readonly clip?: string | null },
  clips: Delivery['clips'],
): Part {
  const path = clip ?? clips.get(text)?.path
  return path === undefined ? { text: spellings.get(text) ?? text } : { clip: path }
}

async function addStep(plan: Plan, act: Exclude<Act, { kind: 'say' | 'heard' }>, delivery: Delivery): Promise<void> {
  const { steps } = plan
  const { clips } = delivery
  switch (act.kind) {
    case 'assistant':
      return
    case 'pause':
    case 'silence':
      steps.push({ silence: act.ms })
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
      return addSound(plan, step, { parts: [{ noise }], acts: [act] }, delivery)
    }
    case 'interrupt': {
      const parts = [speech(act, clips)]
      return addSound(plan, { interrupt: { parts, ...after(act.when) } }, { parts, acts: [act] }, delivery)
    }
    case 'backchannel': {
      const parts = Array.from({ length: act.count }, (_, count) => [
        ...(count > 0 ? [{ pause: act.gapMs }] : []),
        speech({ text: act.text }, clips),
      ]).flat()
      const acts = Array.from({ length: act.count }, () => act)
      return addSound(plan, { backchannel: { parts, ...after(act.when) } }, { parts, acts }, delivery)
    }
    case 'other_talk': {
      const parts = [speech({ text: act.text }, clips)]
      const step = { backchannel: { parts, gainDb: act.levelDb, ...after(act.when) } }
      return addSound(plan, step, { parts, acts: [act], gainDb: act.levelDb }, delivery)
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

/** What sounds together, and the acts that its audible parts stand for. */
interface SoundPlan {
  readonly parts: readonly Part[]
  readonly acts: readonly Act[]
  readonly gainDb?: number
}

async function addSound(
  plan: Plan,
  step: PhoneStep,
  { parts, acts, gainDb = 0 }: SoundPlan,
  { voice, random, punctuation }: Delivery,
): Promise<void> {
  const utterance = await buildUtterance(parts.map(toSpeechPart), voice, gainDb, random)
  plan.steps.push(step)
  plan.sounds.set(
    plan.steps.length - 1,
    utterance.parts.map((range, index) => soundOf(utterance.samples, range, acts[index] ?? (acts[0] as Act))),
  )
  const heard = recognised(utterance, acts, punctuation)
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
