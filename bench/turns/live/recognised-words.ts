import type { Utterance } from '@parley/callee'
import type { SimulatedUtterance } from '../../simulators/script.ts'
import { OnsetFollower } from '../../simulators/voice-onset.ts'
import { type Punctuation, pointAfter } from '../punctuation.ts'
import type { Act } from '../scenario/scenario.ts'

/** Talk to others below this level is not understood. Taste. */
const overheardDb = -18
/** Words must not slip behind the last packet when the onset is found one block later. */
const slackMs = 10

/** What the recogniser will make of it. Undefined: it is too quiet to be noticed at all. */
export function recognised(
  { samples, parts }: Utterance,
  acts: readonly Act[],
  punctuation: Punctuation,
): SimulatedUtterance | undefined {
  const onset = new OnsetFollower().push(samples)[0]
  if (onset === undefined) return undefined
  const words = parts.flatMap(({ fromSample, toSample }, index) => {
    const act = acts[index] ?? acts[0]
    if (!act || !('text' in act) || (act.kind === 'other_talk' && act.levelDb < overheardDb)) return []
    const texts = wordsOf(act.text)
    const mark = punctuation.after(pointAfter(act.text, 'label' in act ? act.label : null))
    const letters = texts.reduce((sum, text) => sum + text.length + 1, 0)
    let passed = 0
    return texts.map((text, at) => {
      passed += text.length + 1
      const end = fromSample + (passed / letters) * (toSample - fromSample) - slackMs * 8
      return { text: at === texts.length - 1 ? text + mark : text, endMs: Math.max(1, (end - onset) / 8) }
    })
  })
  return { words, durationMs: ((parts.at(-1)?.toSample ?? samples.length) - onset) / 8, isTagged: false }
}

/** As recognisers write within a sentence. */
const wordsOf = (text: string) =>
  bareText(text)
    .split(/\s+/)
    .filter((word) => word !== '')

/** Without the marks after words. */
export const bareText = (text: string): string => text.replace(/[.,;:!?]+(?=\s|$)/g, '')
