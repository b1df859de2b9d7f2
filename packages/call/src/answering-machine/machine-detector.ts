import type { ToneName } from '@parley/core'
import { soundsLikeMachine } from './machine-words.ts'

export type MachineEvidence = 'words' | 'beep' | 'fax' | 'cadence'

/** `watching` until the time is up or a machine was found. Instants: monotonic ms. */
export interface MachineWatch {
  readonly answeredAtMs: number
  readonly speakingSinceMs?: number
  /** Voice of the first stretch of speech, pauses under a second included, began and ended here. */
  readonly greetingFromMs?: number
  readonly greetingToMs?: number
  /** A pause ended it: somebody waits for an answer. */
  readonly greetingIsOver: boolean
}

export type MachineWatchEvent = { readonly atMs: number } & (
  | { readonly type: 'speech.started'; readonly onsetAtMs: number }
  | { readonly type: 'speech.stopped'; readonly lastVoiceAtMs: number }
  | { readonly type: 'words'; readonly text: string }
  | { readonly type: 'tone'; readonly tone: ToneName }
  /** `cadenceMs` after the greeting began. */
  | { readonly type: 'tick' }
)

/** Beyond this the call is a conversation, whatever is said in it. */
const watchMs = 30_000
/** A greeting that long, without a pause, is read from a tape. People who pick up say 0.3 to 3 s. Taste. */
export const cadenceMs = 6_000
/** Of the one who answered; a beep without a greeting before it is no machine's. */
const greetingBeforeBeepMs = 800
const pauseMs = 1_000
/** A greeting that starts later is an answer to ours. */
const firstWordsMs = 4_000

export const newMachineWatch = (answeredAtMs: number): MachineWatch => ({ answeredAtMs, greetingIsOver: false })

/**
 * Decides whether a machine took the call: by its words, by its beep, by a fax tone, and by the cadence of its greeting
 * (a person says a word or two and waits). Pure.
 */
export function watchForMachine(
  watch: MachineWatch,
  event: MachineWatchEvent,
): readonly [MachineWatch, MachineEvidence | undefined] {
  if (event.atMs - watch.answeredAtMs > watchMs) return [watch, undefined]
  switch (event.type) {
    case 'words':
      return [watch, soundsLikeMachine(event.text) ? 'words' : undefined]
    case 'tone':
      return [watch, evidenceOfTone(watch, event.tone, event.atMs)]
    case 'speech.started':
      return judge(started(watch, event.onsetAtMs), event.atMs)
    case 'speech.stopped': {
      const { speakingSinceMs: _, ...rest } = watch
      const stopped = { ...rest, greetingToMs: event.lastVoiceAtMs }
      return judge(watch.greetingIsOver ? rest : stopped, event.atMs)
    }
    case 'tick':
      return judge(watch, event.atMs)
    default:
      return event satisfies never
  }
}

function started(watch: MachineWatch, onsetAtMs: number): MachineWatch {
  const speaking = { ...watch, speakingSinceMs: onsetAtMs }
  if (watch.greetingIsOver) return speaking
  if (watch.greetingFromMs === undefined) {
    const isFirst = onsetAtMs - watch.answeredAtMs <= firstWordsMs
    return { ...speaking, greetingFromMs: onsetAtMs, greetingIsOver: !isFirst }
  }
  return { ...speaking, greetingIsOver: onsetAtMs - (watch.greetingToMs ?? onsetAtMs) >= pauseMs }
}

function judge(watch: MachineWatch, atMs: number): readonly [MachineWatch, MachineEvidence | undefined] {
  if (watch.greetingIsOver || watch.greetingFromMs === undefined) return [watch, undefined]
  const untilMs = watch.speakingSinceMs === undefined ? (watch.greetingToMs ?? atMs) : atMs
  return [watch, untilMs - watch.greetingFromMs >= cadenceMs ? 'cadence' : undefined]
}

function evidenceOfTone(watch: MachineWatch, tone: ToneName, atMs: number): MachineEvidence | undefined {
  if (tone === 'fax') return 'fax'
  if (tone !== 'beep' || watch.greetingFromMs === undefined) return undefined
  const untilMs = watch.speakingSinceMs === undefined ? (watch.greetingToMs ?? atMs) : atMs
  return untilMs - watch.greetingFromMs >= greetingBeforeBeepMs ? 'beep' : undefined
}
