import type { CallReport } from '@parley/callee'
import type { ModelRecord, RecognitionRecord } from '../../simulators/request-log.ts'
import type { LiveCall } from './live-call.ts'
import { bareText } from './recognised-words.ts'

interface Run {
  readonly report: CallReport
  /** Of all calls. */
  readonly models: readonly ModelRecord[]
  readonly heard: readonly RecognitionRecord[]
  readonly strays: readonly StrayWord[]
}

/** A word that a call was answered to and that was never said in it. */
export interface StrayWord {
  readonly word: string
  readonly atNs: number
}

/**
 * The simulated recogniser gives each connection the next script: one that is opened anew at the wrong moment takes that of
 * another call. Undefined: it followed this one. `own`: the requests to the model that the call made.
 */
export function recognitionProblem(call: LiveCall, own: readonly ModelRecord[], run: Run): string | undefined {
  const stray = strayWord(call, own)
  if (stray) return `"${stray.word}" was never said`
  return isLost(call, own, run) || isRobbed(call, own, run) ? 'the simulated recogniser did not follow it' : undefined
}

/** The model was asked for words that this call's script does not have: recognition followed another script. */
export function strayWord({ utterances }: LiveCall, own: readonly ModelRecord[]): StrayWord | undefined {
  const known = new Set(utterances.flatMap(({ words }) => words.map(({ text }) => bareText(text.toLowerCase()))))
  return own
    .flatMap((model) => wordsOf(model).map((word) => ({ word, atNs: model.receivedNs })))
    .find(({ word }) => !known.has(word))
}

/** Its own first word went to another call's model, or to nobody's. */
function isLost(call: LiveCall, own: readonly ModelRecord[], { report, models, heard }: Run): boolean {
  const [first] = firstWords(call)
  if (first === undefined || own.length > 0) return false
  const isElsewhere = models.some((model) => isDuring(report, model.receivedNs) && wordsOf(model).includes(first))
  return (
    isElsewhere || !heard.some(({ text, atNs }) => bareText(text.toLowerCase()) === first && isDuring(report, atNs))
  )
}

/** What another call was wrongly answered to meanwhile is missing here. */
function isRobbed(call: LiveCall, own: readonly ModelRecord[], { strays, report }: Run): boolean {
  const taken = new Set(strays.filter(({ atNs }) => isDuring(report, atNs)).map(({ word }) => word))
  const answered = new Set(own.flatMap(wordsOf))
  return firstWords(call).some((word) => taken.has(word) && !answered.has(word))
}

const isDuring = ({ startedAtNs, endedAtNs }: CallReport, ns: number): boolean => ns > startedAtNs && ns < endedAtNs

const firstWords = ({ utterances }: LiveCall): string[] =>
  utterances.flatMap(({ words: [first] }) => (first ? [bareText(first.text.toLowerCase())] : []))

const wordsOf = ({ userText }: ModelRecord): string[] =>
  bareText(userText.toLowerCase())
    .split(/\s+/)
    .filter((word) => word !== '')
