import type { CallReport } from '@parley/callee'
import type { TurnTrace } from '../../latency/engine-process.ts'
import { nsPerMs } from '../../monotonic.ts'
import type { ModelRecord } from '../../simulators/request-log.ts'
import { decodeWatermark, type HeardWord } from '../../watermark.ts'
import { readWav } from '../../wav-file.ts'
import type { CallerAct, TalkRecord, UtteranceRecord, WireSpan } from '../talk-record.ts'
import { type LiveCall, replyWords } from './live-call.ts'
import { wireSpans } from './wire-spans.ts'

export interface LiveWitnesses {
  readonly call: LiveCall
  readonly report: CallReport
  /** Requests to the model that this call made. */
  readonly models: readonly ModelRecord[]
  readonly traces: readonly TurnTrace[]
  /** Packets were lost on the way to the telephone. */
  readonly isLossy: boolean
}

/** Prompts and fillers carry no number in their sound: they are counted from here. */
const firstUnnumbered = 1_000_000
/** A word and a breath: what follows sooner belongs to the same text; where words are lost on the way, a few of them. */
const togetherSamples = { kept: 8 * 500, lossy: 8 * 2_000 } as const
/** Where packets are lost, so many last words of a reply may be missing although it was sent: nothing after them tells. */
const lostLastWords = 2

/** Puts one call together from what phone, simulated providers and the engine's trace saw. Undefined: no recording. */
export async function liveRecord(witnesses: LiveWitnesses): Promise<TalkRecord | undefined> {
  const { call, report, traces } = witnesses
  const startNs = report.mediaStartedAtNs
  if (report.wavPath === undefined || startNs === undefined) return undefined
  const toMs = (ns: number) => (ns - startNs) / nsPerMs
  const { channels } = await readWav(report.wavPath)
  const heard = channels[1] ?? new Int16Array()
  const words = decodeWatermark(heard)
  const nameOf = utteranceNames(words, togetherSamples[witnesses.isLossy ? 'lossy' : 'kept'])
  const wire = wireSpans(heard, words, nameOf)
  return {
    scenario: call.scenario,
    acts: actsOf(call, report, toMs),
    wire,
    utterances: utterancesOf(wire, words, nameOf, witnesses, toMs),
    endpointsMs: traces.flatMap(({ endpointAtMs }) =>
      endpointAtMs === undefined ? [] : endpointAtMs - startNs / nsPerMs,
    ),
    endedMs: toMs(report.endedAtNs),
    problems: report.problems,
  }
}

function actsOf(call: LiveCall, report: CallReport, toMs: (ns: number) => number): CallerAct[] {
  const acts: CallerAct[] = []
  for (const step of report.spoken) {
    const startMs = toMs(step.firstPacketSentNs)
    const at = (sample: number) => startMs + Math.floor(sample / 160) * 20
    for (const { act, fromSample, toSample } of call.sounds.get(step.step) ?? []) {
      const last = acts.at(-1)
      const fromMs = at(fromSample)
      if (act.kind === 'say' && last?.kind === 'say' && last.label === 'hold') {
        const detail = call.scenario.tags.pauseMs ?? ''
        acts.push({ kind: 'pause', label: 'hold', fromMs: last.toMs, toMs: fromMs, text: '', detail })
      }
      acts.push({
        kind: act.kind,
        label: 'label' in act ? act.label : 'ignore',
        fromMs,
        toMs: at(toSample - 1),
        text: 'text' in act ? act.text : '',
        detail: act.kind === 'noise' ? act.noise : act.kind === 'other_talk' ? `${act.levelDb} dB` : '',
      })
    }
  }
  for (const event of report.events) {
    const [sound] = event.type === 'step' ? (call.sounds.get(Number(event.step)) ?? []) : []
    if (sound?.act.kind !== 'echo') continue
    const fromMs = toMs(event.atNs)
    acts.push({ kind: 'echo', label: 'ignore', fromMs, toMs: fromMs, text: '', detail: `${sound.act.erlDb} dB` })
  }
  return acts.sort((a, b) => a.fromMs - b.fromMs)
}

/** Replies have the number in their sound; the greeting is 0, whatever else has none is told apart by what it follows. */
function utteranceNames(words: readonly HeardWord[], withinSamples: number): (word: HeardWord) => number {
  const names = new Map<HeardWord, number>()
  let others = firstUnnumbered
  let last: HeardWord | undefined
  for (const word of words) {
    // Sentences of one text begin to count anew.
    const isNew = !last || last.response !== word.response || word.fromSample - last.fromSample > withinSamples
    if (word.response > 0) names.set(word, word.response)
    else if (!last) names.set(word, 0)
    else if (isNew) {
      others += 1
      names.set(word, others)
    } else names.set(word, names.get(last) ?? 0)
    last = word
  }
  return (word) => names.get(word) ?? word.response
}

function utterancesOf(
  wire: readonly WireSpan[],
  words: readonly HeardWord[],
  nameOf: (word: HeardWord) => number,
  { models, call: { scenario }, isLossy }: LiveWitnesses,
  toMs: (ns: number) => number,
): UtteranceRecord[] {
  const heardBy = Map.groupBy(words, nameOf)
  const replies = models.map((model): UtteranceRecord => {
    const heard = heardBy.get(model.response)
    return {
      utterance: model.response,
      source: 'reply',
      answers: model.userText,
      isModelCalled: true,
      askedAtMs: toMs(model.receivedNs),
      tokens: model.tokensNs.length,
      totalWords: replyWords,
      ...wordCounts(heard, isLossy ? replyWords : undefined),
      rememberedWords: heard ? rememberedWords(model, models) : null,
      ...(isLossy && { lostLastWords }),
    }
  })
  const known = new Set(replies.map(({ utterance }) => utterance))
  const others = [...new Set(wire.map(({ utterance }) => utterance))].filter((utterance) => !known.has(utterance))
  return [
    ...others.map((utterance): UtteranceRecord => {
      const counts = wordCounts(heardBy.get(utterance))
      const isGreeting = utterance === 0
      return {
        utterance,
        source: isGreeting ? 'greeting' : 'silencePrompt',
        answers: null,
        isModelCalled: false,
        askedAtMs: 0,
        tokens: 0,
        totalWords: isGreeting ? lastSentenceWords(scenario.greeting) : (counts.sentWords ?? 0),
        ...counts,
        rememberedWords: null,
      }
    }),
    ...replies,
  ]
}

/**
 * Words follow each other: the last one heard tells how far it came, also where some were too faint to be read. `of`: so many
 * were to come, over a network that loses packets.
 */
function wordCounts(heard: readonly HeardWord[] | undefined, of?: number) {
  if (!heard) return { sentWords: null, repeatedWords: 0 }
  let furthest = -1
  let repeatedWords = 0
  for (const { word } of heard) {
    if (word <= furthest) repeatedWords += 1
    furthest = Math.max(furthest, word)
  }
  const sentWords = furthest + 1
  return { sentWords: of !== undefined && sentWords >= of - lostLastWords ? of : sentWords, repeatedWords }
}

/** The next request tells what the history kept of a reply. Null: nobody asked again. */
function rememberedWords(model: ModelRecord, models: readonly ModelRecord[]): number | null {
  const next = models.find(
    (other) => other.receivedNs > model.receivedNs && other.assistantText?.includes(`w${model.response}n`),
  )
  return next?.assistantText ? next.assistantText.trim().split(/\s+/).length : null
}

/** Each sentence of a fixed text is spoken, and counted, by itself. */
const lastSentenceWords = (text: string) => (text.match(/[^.?!]+[.?!]?/g)?.at(-1) ?? '').trim().split(/\s+/).length
