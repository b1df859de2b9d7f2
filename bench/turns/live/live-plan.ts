import { PhoneRandom } from '@parley/callee'
import type { NetworkName } from '../../relay/network-profile.ts'
import { SeededRandom } from '../../seeded-random.ts'
import { Punctuation } from '../punctuation.ts'
import type { Act, Scenario, ScenarioSet } from '../scenario/scenario.ts'
import { figures } from '../virtual/figures.ts'
import { type LiveCall, planCall } from './live-call.ts'
import type { VoiceClip } from './voice-clips.ts'

/** Calls of each set; as in virtual time half of the turns have a pause, and half of the recognisers punctuate. Echo with an interruption on top is left to the virtual layer: the simulated recogniser finds words by their onset. */
export interface LivePlan {
  readonly counts: Readonly<Partial<Record<ScenarioSet, number>>>
  readonly concurrentCalls: number
  /** What the audio goes through. Absent: it goes straight. */
  readonly network?: NetworkName | undefined
}

export const livePlans = {
  quick: {
    counts: { pauses: 7, gaps: 7, backchannel: 10, noise: 6, echo: 3, interrupt: 6, 'side talk': 2 },
    concurrentCalls: 10,
  },
  full: {
    counts: { pauses: 50, gaps: 50, backchannel: 70, noise: 50, echo: 20, interrupt: 80, overlap: 10, 'side talk': 10 },
    concurrentCalls: 12,
  },
} as const satisfies Record<string, LivePlan>

const voices = ['awb', 'rms', 'slt', 'kal'] as const

/** Draws scenarios without order or favour, each set evenly over its own; every other listening noise is a person's. */
export async function drawCalls(
  scenarios: readonly Scenario[],
  { counts }: LivePlan,
  human: readonly VoiceClip[],
  seed: number,
): Promise<LiveCall[]> {
  const random = new SeededRandom(seed)
  const calls: LiveCall[] = []
  for (const [set, count] of Object.entries(counts)) {
    const pool = shuffle(
      scenarios.filter((scenario) => scenario.set === set && isPlayable(scenario)).flatMap(asOften),
      random,
    )
    for (let index = 0; index < count && pool.length > 0; index += 1) {
      const scenario = pool[index % pool.length] as Scenario
      const clip = set === 'backchannel' && index % 2 === 1 ? human[random.below(human.length)] : undefined
      const voice = voices[index % voices.length] as (typeof voices)[number]
      const phoneRandom = new PhoneRandom(seed + index)
      const clips = new Map(clip ? [[clip.text, clip]] : [])
      const punctuation = new Punctuation(figures.recognizer, new SeededRandom(seed + calls.length))
      const played = echoAfterGreeting(clip ? said(scenario, clip.text) : scenario)
      calls.push(await planCall(played, { voice, clips, random: phoneRandom, punctuation }))
    }
  }
  return shuffle(calls, random)
}

/** An answer over the assistant's question is none here: the assistant says watermarks, and they ask nothing. */
const isPlayable = ({ id, language, acts }: Scenario) =>
  language === 'en' &&
  !id.startsWith('interrupt-answer') &&
  !(acts.some(({ kind }) => kind === 'echo') && acts.some(({ kind }) => kind === 'interrupt'))

/** Interruptions by a person are few; each is played as often as three of a machine's. */
const asOften = (scenario: Scenario) =>
  scenario.id.startsWith('interrupt-human') ? Array(3).fill(scenario) : [scenario]

/** The same scenario with another listening noise. */
function said(scenario: Scenario, text: string): Scenario {
  const acts = scenario.acts.map((act): Act => (act.kind === 'backchannel' ? { ...act, text } : act))
  return { ...scenario, acts }
}

/** The simulated recogniser tells words by their onset: the echo begins when the words it could be taken for are near. */
function echoAfterGreeting(scenario: Scenario): Scenario {
  const [first, ...rest] = scenario.acts
  const heard = rest.findIndex(({ kind }) => kind === 'heard')
  if (first?.kind !== 'echo' || heard < 0) return scenario
  return { ...scenario, acts: [...rest.slice(0, heard + 1), first, ...rest.slice(heard + 1)] }
}

function shuffle<T>(items: readonly T[], random: SeededRandom): T[] {
  const shuffled = [...items]
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = random.below(index + 1)
    ;[shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T]
  }
  return shuffled
}
