import type { CallerAct, TalkRecord, WireSpan } from './talk-record.ts'

/** A pause inside a turn. */
interface PauseMeasure {
  readonly ms: number
  /** Assistant audio began in it, or in the words that followed it. */
  readonly isCutInto: boolean
  /** A reply was let on the wire in it, heard or not: what an endpointer alone would be charged for. */
  readonly isEndedIn: boolean
}

/** One turn of the caller: words, with pauses between them. Instants in ms of the talk's clock. */
export interface TurnMeasure {
  readonly record: TalkRecord
  readonly onsetMs: number
  readonly eosMs: number
  readonly pauses: readonly PauseMeasure[]
  readonly isCutInto: boolean
  /** `V2V`: end of speech to the first sound of the reply, within the time the caller waited. Null: no reply. */
  readonly v2vMs: number | null
  /** The same to whatever was heard first, a filler included. */
  readonly gapMs: number | null
  /** Hold as executed: end of speech to the endpoint. Null: unknown. */
  readonly holdMs: number | null
  /** Replies heard before the caller spoke again. */
  readonly replies: number
  /** Requests to the model for this turn, and tokens of those whose reply was not heard. */
  readonly modelCalls: number
  readonly wastedTokens: number
  readonly usedTokens: number
  /** The reply heard was begun before the endpoint. */
  readonly isSpeculationHit: boolean
}

/** The engine's trace and the telephone's recording agree to a packet and a half. */
const slackMs = 30

const isVoice = (act: CallerAct) => act.kind === 'say' || act.kind === 'interrupt'

/** First span of each utterance, in order. */
export function startsOf(wire: readonly WireSpan[]): WireSpan[] {
  return wire.filter(({ utterance }, index) => wire.findIndex((span) => span.utterance === utterance) === index)
}

/** The caller's turns that are meant to be answered, each up to the caller's next words. */
export function judgeTurns(record: TalkRecord): TurnMeasure[] {
  const turns: CallerAct[][] = []
  let open: CallerAct[] | null = null
  for (const act of record.acts) {
    if (act.kind === 'say' && open) open.push(act)
    else if (act.kind === 'say') {
      open = [act]
      turns.push(open)
    } else if (act.kind === 'interrupt') {
      open = null
      if (act.label === 'bargein') turns.push([act])
    } else if (act.kind === 'pause' && open) open.push(act)
    else if (act.kind !== 'noise') open = null
  }
  return turns.map((acts) => judgeTurn(record, acts))
}

function judgeTurn(record: TalkRecord, acts: readonly CallerAct[]): TurnMeasure {
  const spoken = acts.filter(isVoice)
  const onsetMs = spoken[0]?.fromMs ?? 0
  const eosMs = spoken.at(-1)?.toMs ?? 0
  const nextMs = record.acts.find((act) => isVoice(act) && act.fromMs > eosMs)?.fromMs ?? Number.POSITIVE_INFINITY
  const sourceOf = new Map(record.utterances.map((item) => [item.utterance, item]))
  const starts = startsOf(record.wire).filter(({ utterance }) => sourceOf.get(utterance)?.source !== 'greeting')
  const early = starts.filter(({ fromMs }) => fromMs > onsetMs && fromMs < eosMs)
  const later = starts.filter(({ fromMs }) => fromMs >= eosMs && fromMs < nextMs)
  const replies = later.filter(({ utterance }) => sourceOf.get(utterance)?.source === 'reply')
  const endpointMs = record.endpointsMs.findLast(
    (atMs) => atMs >= eosMs && atMs <= (replies[0]?.fromMs ?? nextMs) + slackMs,
  )
  const since = (atMs: number | undefined) => (atMs === undefined ? null : atMs - eosMs)
  const asked = record.utterances.filter(
    ({ isModelCalled, answers, askedAtMs }) =>
      isModelCalled && answers !== null && askedAtMs > onsetMs && askedAtMs < nextMs,
  )
  const heard = replies[0] && sourceOf.get(replies[0].utterance)
  const wasted = asked.filter(({ utterance }) => utterance !== heard?.utterance)
  return {
    record,
    onsetMs,
    eosMs,
    pauses: judgePauses(record, acts, early),
    isCutInto: early.length > 0,
    v2vMs: since(replies[0]?.fromMs),
    gapMs: since(later[0]?.fromMs),
    holdMs: since(endpointMs),
    replies: replies.length,
    modelCalls: asked.length,
    wastedTokens: wasted.reduce((sum, { tokens }) => sum + tokens, 0),
    usedTokens: heard?.tokens ?? 0,
    isSpeculationHit: heard !== undefined && endpointMs !== undefined && heard.askedAtMs < endpointMs,
  }
}

function judgePauses(record: TalkRecord, acts: readonly CallerAct[], early: readonly WireSpan[]): PauseMeasure[] {
  return acts.flatMap((act, index) => {
    if (act.kind !== 'pause') return []
    const after = acts[index + 1]
    const untilMs = after?.toMs ?? act.toMs
    return [
      {
        ms: Number(act.detail) || Math.round(act.toMs - act.fromMs),
        isCutInto: early.some(({ fromMs }) => fromMs > act.fromMs && fromMs < untilMs),
        isEndedIn: record.endpointsMs.some((atMs) => atMs > act.fromMs && atMs < act.toMs),
      },
    ]
  })
}
