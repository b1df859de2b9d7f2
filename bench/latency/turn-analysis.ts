import { nsPerMs } from '../monotonic.ts'
import type { ModelRecord, RecognitionRecord, SimulatorRecord, SpeechRecord } from '../simulators/request-log.ts'
import { findSpeakerTag } from '../simulators/script.ts'
import type { TurnTrace } from './engine-process.ts'
import type { MeasuredTurn, TurnFault, TurnOutcome, WitnessedTurn } from './measured-turn.ts'

export interface ReferenceDelays {
  /** As set. */
  readonly holdMs: number
  readonly speculateAfterMs: number
  /** `max(H, depth)` of the profile for a first chunk of that many tokens; null: for a function, and words made ahead. */
  readonly idealMs: (tokens: number | null, holdMs: number) => number
}

/** An endpoint this near to the hold as set is that hold, early or late; beyond it the policy wanted another one. */
const sameHoldMs = 25

/** Messages of the recogniser that carry all the words so far. */
const textEvents: ReadonlySet<RecognitionRecord['event']> = new Set(['partial', 'final', 'eager', 'confirmed'])

const ms = (fromNs: number, toNs: number) => (toNs - fromNs) / nsPerMs
const tidy = (text: string) => text.toLowerCase().replace(/[^a-z0-9 ]/g, '')

/** Follows the sound that was heard back through synthesiser, model and recogniser. */
export class TurnAnalyst {
  private readonly models: readonly ModelRecord[]
  private readonly speech: readonly SpeechRecord[]
  private readonly recognition: readonly RecognitionRecord[]
  private readonly reference: ReferenceDelays
  /** Which connection of the recogniser each call turned out to be. */
  private readonly connectionOf = new Map<number, number>()
  private readonly isLossy: boolean
  private readonly begun = new Set<number>()

  /**
   * `isLossy`: the network holds packets back, so that the end of an answer can come when the telephone has gone on to the next
   * turn. What began in an earlier turn is none of that turn's answers then.
   */
  constructor(records: readonly SimulatorRecord[], reference: ReferenceDelays, isLossy = false) {
    this.models = records.filter((record) => record.kind === 'llm')
    this.speech = records.filter((record) => record.kind === 'tts')
    this.recognition = records.filter((record) => record.kind === 'asr')
    this.reference = reference
    this.isLossy = isLossy
  }

  analyse(witnessed: WitnessedTurn, trace: TurnTrace | undefined): TurnOutcome {
    const { call, turn, v2vMs } = witnessed
    const wrong = (fault: TurnFault, why: string): TurnOutcome => ({ kind: 'wrong', fault, call, turn, why })
    const words = witnessed.words.filter(({ response }) => !(this.isLossy && this.begun.has(response)))
    for (const { response } of words) this.begun.add(response)
    if (witnessed.cutIn) return wrong('cutIn', 'cut in')
    if (v2vMs === null) return wrong('missing', 'no answer')
    const responses = new Set(words.map((word) => word.response))
    const response = words[0]?.response
    if (response === undefined) return wrong('missing', 'the answer carries no words')
    if (responses.size > 1) return wrong('double', `responses ${[...responses].join(' and ')} in one turn`)
    const model = this.models.find((record) => record.response === response)
    const speech = this.speech.find((record) => record.text.includes(`w${response}n`))
    if (!model || !speech) return wrong('missing', `nobody made response ${response}`)
    const tag = findSpeakerTag(model.userText)
    const connection = this.connectionOf.get(call) ?? tag?.connection
    if (!tag || tag.turn !== turn) {
      return wrong('stale', `answer to turn ${tag?.turn ?? 'none'}, to "${model.userText}"${this.wordsIn(call, turn)}`)
    }
    if (tag.connection !== connection) return wrong('stale', `answer to another caller`)
    this.connectionOf.set(call, tag.connection)
    const recognised = this.recognition.filter((record) => record.connection === connection && record.turn === turn)
    const complete = recognised.filter((record) => textEvents.has(record.event)).at(-1)?.text
    if (!complete || !tidy(model.userText).endsWith(tidy(complete).split(' ').slice(-1).join(' '))) {
      return wrong('stale', `answer to "${model.userText}", which lacks the end of "${complete ?? ''}"`)
    }
    return { kind: 'measured', turn: this.measure(witnessed, v2vMs, { model, speech, recognised, trace }) }
  }

  /**
   * A turn that the model answers with a function, and another agent with its first words, which were made ahead: the chain ends
   * with the call of the function.
   */
  analyseHandOver(witnessed: WitnessedTurn, trace: TurnTrace | undefined): TurnOutcome {
    const { call, turn, v2vMs, words } = witnessed
    const wrong = (fault: TurnFault, why: string): TurnOutcome => ({ kind: 'wrong', fault, call, turn, why })
    if (witnessed.cutIn) return wrong('cutIn', 'cut in')
    if (v2vMs === null || words.length === 0) return wrong('missing', 'nobody took over')
    const answer = words.find(({ response }) => response > 0)
    if (answer) return wrong('double', `response ${answer.response} in the turn that hands over`)
    const connection = this.connectionOf.get(call)
    const asked = this.models.filter(({ userText }) => {
      const tag = findSpeakerTag(userText)
      return tag?.connection === connection && tag?.turn === turn
    })
    // The agent that takes over may be asked for the same words; the first to be told is the one that handed over.
    const model = asked.find(({ tokensNs, cancelledNs }) => tokensNs.length > 0 && cancelledNs === undefined)
    if (!model) return wrong('missing', 'no model was asked')
    const recognised = this.recognition.filter((record) => record.connection === connection && record.turn === turn)
    return { kind: 'measured', turn: this.measure(witnessed, v2vMs, { model, recognised, trace }) }
  }

  /** What the recogniser made of a turn, for the note on one that went wrong. */
  private wordsIn(call: number, turn: number): string {
    const connection = this.connectionOf.get(call)
    const given = this.recognition.filter((record) => record.connection === connection && record.turn === turn)
    const texts = given.filter((record) => textEvents.has(record.event) && record.text !== '')
    return texts.length === 0 ? '' : `; recognised: ${texts.map(({ event, text }) => `${event} "${text}"`).join(', ')}`
  }

  private measure(
    { call, turn, eosNs, networkMs }: WitnessedTurn,
    v2vMs: number,
    chain: {
      readonly model: ModelRecord
      /** Absent: the words were made ahead. */
      readonly speech?: SpeechRecord
      readonly recognised: readonly RecognitionRecord[]
      readonly trace: TurnTrace | undefined
    },
  ): MeasuredTurn {
    const { model, speech, recognised, trace } = chain
    const { holdMs, speculateAfterMs } = this.reference
    const heardNs = eosNs + v2vMs * nsPerMs
    const lastWordNs = recognised.findLast((record) => record.event === 'wordHeard')?.atNs ?? eosNs
    const triggerNs = triggerOf(model, recognised) ?? lastWordNs
    const tokens = speech ? tokensOfChunk(speech.text) : 1
    const chunkNs = model.tokensNs[Math.min(tokens, model.tokensNs.length) - 1] ?? model.receivedNs
    const spokenNs = speech?.receivedNs ?? chunkNs
    const firstByteNs = speech?.chunksNs[0] ?? spokenNs
    const endpointNs = trace?.endpointAtMs === undefined ? undefined : trace.endpointAtMs * nsPerMs
    const H =
      trace?.endpointAtMs !== undefined && trace.userStoppedAtMs !== undefined
        ? trace.endpointAtMs - trace.userStoppedAtMs
        : holdMs
    const isHoldAsSet = Math.abs(H - holdMs) <= sameHoldMs
    const policyMs = isHoldAsSet ? holdMs : H
    // The recogniser is told of a pause as soon as the engine knows: a witness of when it could have begun.
    const pauses = recognised.filter((record) => record.event === 'finalize' && record.atNs > eosNs)
    const noticedNs = pauses.findLast((record) => record.atNs <= model.receivedNs + nsPerMs)?.atNs
    const pauseNs = noticedNs ?? eosNs
    const mayStartNs = Math.max(triggerNs, pauseNs, eosNs + speculateAfterMs * nsPerMs)
    const base = Math.max(speculateAfterMs, ms(lastWordNs, triggerNs), ms(eosNs, pauseNs))
    const stages = { model: ms(model.receivedNs, chunkNs), speech: ms(spokenNs, firstByteNs) }
    const after = (atNs: number) => endpointNs !== undefined && atNs >= endpointNs
    const { C, isHold } = criticalPath(H, base, stages, after(model.receivedNs), after(spokenNs))
    const mine = this.models.filter((record) => record.userText.includes(findTagText(model.userText)))
    return {
      call,
      turn,
      fromNs: eosNs,
      toNs: heardNs,
      V2V: v2vMs,
      H,
      C,
      E: v2vMs - C,
      S: C - this.reference.idealMs(speech ? tokens : null, policyMs),
      bound: isHold ? 'hold' : 'chain',
      isHoldAsSet,
      networkMs,
      response: model.response,
      modelRequests: mine.length,
      wastedTokens: mine.reduce((sum, record) => sum + (record === model ? 0 : record.tokensNs.length), 0),
      losses: {
        uplink: ms(eosNs, lastWordNs),
        pause: noticedNs === undefined ? undefined : ms(eosNs, noticedNs) - speculateAfterMs,
        reaction: ms(mayStartNs, model.receivedNs),
        chunk: ms(chunkNs, spokenNs),
        downlink: isHold ? undefined : ms(firstByteNs, heardNs),
        endpoint: endpointNs === undefined ? undefined : ms(eosNs, endpointNs) - policyMs,
        release: isHold && endpointNs !== undefined ? ms(endpointNs, heardNs) : undefined,
      },
    }
  }
}

const findTagText = (text: string) => {
  const tag = findSpeakerTag(text)
  return tag ? `c${tag.connection}t${tag.turn}` : text
}

/** Tokens it takes to know the chunk: a word is known to be whole by its punctuation, or by the token after it. */
function tokensOfChunk(text: string): number {
  const words = text.split(/\s+/).filter((word) => word !== '').length
  return /[.,;:!?]$/.test(text.trim()) ? words : words + 1
}

/** The first message of the recogniser that held all the model was asked, as far as this turn goes. */
function triggerOf(model: ModelRecord, recognised: readonly RecognitionRecord[]): number | undefined {
  const asked = tidy(model.userText)
  const messages = recognised.filter((record) => textEvents.has(record.event))
  return messages.find((record) => record.text !== '' && asked.endsWith(tidy(record.text)))?.atNs
}

/**
 * The plan as it was executed: what was started only after the endpoint cannot overlap the hold.
 * `base`: end of speech to the text that was used, the pause having been noticed.
 */
export function criticalPath(
  H: number,
  base: number,
  stages: { readonly model: number; readonly speech: number },
  modelAfterEndpoint: boolean,
  speechAfterEndpoint: boolean,
): { readonly C: number; readonly isHold: boolean } {
  if (modelAfterEndpoint) {
    return { C: Math.max(H, base) + stages.model + stages.speech, isHold: false }
  }
  if (speechAfterEndpoint) return { C: Math.max(H, base + stages.model) + stages.speech, isHold: false }
  const depth = base + stages.model + stages.speech
  return { C: Math.max(H, depth), isHold: H >= depth }
}
