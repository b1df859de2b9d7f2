import type { ConversationEnd, SpeechSource } from '@parley/core'
import { turnId } from '@parley/core'
import type { ReplyPrompt } from './events.ts'
import { expectationOf, expectedLength } from './language/expectation.ts'
import { instantsOf, noInstants, reportTurn, timingsOf } from './report.ts'
import { type Draft, languageOf, nextGeneration, openTurn, type Speech, type Work } from './state.ts'
import { userText } from './transcript.ts'
import { silentUser } from './user-side.ts'
import { hasText, wordsOf } from './words.ts'

/** The moves of the assistant. Each changes the draft and says so in commands; when to move is the rules' business. */

export interface SayOptions {
  readonly source: SpeechSource
  readonly text: string
  /** Played instead of the text. */
  readonly audio?: Int16Array
  readonly interruptible: boolean
  readonly remember: boolean
  readonly endAfter?: ConversationEnd
}

/** Takes the floor with a fixed text. */
export function say(draft: Draft, options: SayOptions): void {
  const { state } = draft
  const generation = nextGeneration(draft)
  const { source, text, remember, audio } = options
  state.speech = {
    ...silentSpeech(draft),
    generation,
    source,
    interruptible: options.interruptible,
    endAfter: options.endAfter ?? null,
  }
  draft.commands.push({ type: 'say', generation, source, text, remember, ...(audio && { audio }) })
}

/** Starts a reply. `granted`: the assistant owes it now. `inSpeech`: the user has not paused yet. */
export function prepare(draft: Draft, prompt: ReplyPrompt, granted: boolean, inSpeech = false): void {
  const { state } = draft
  const generation = nextGeneration(draft)
  state.work = {
    generation,
    prompt,
    startedAtMs: draft.nowMs,
    grantedAtMs: granted ? draft.nowMs : null,
    committed: false,
    inSpeech,
    sentence: false,
    ready: false,
    empty: false,
    tool: null,
    failure: null,
  }
  if (prompt.kind === 'user') {
    state.user = {
      ...state.user,
      attempts: state.user.attempts + 1,
      speculatedAtMs: state.user.speculatedAtMs ?? draft.nowMs,
    }
  }
  draft.commands.push({ type: 'reply.speculate', generation, prompt })
}

/** Throws the unheard reply away. */
export function discard(draft: Draft): void {
  const { state } = draft
  if (!state.work) return
  draft.commands.push({ type: 'reply.discard', generation: state.work.generation })
  if (state.work.prompt.kind === 'user') state.user = { ...state.user, discarded: state.user.discarded + 1 }
  state.work = null
}

/** Better than dead air: the user is asked to say it again. */
export function promptUser(draft: Draft): void {
  const { state, rules } = draft
  const text = rules.turn.silencePrompt?.text ?? ''
  if (state.speech || state.fatal || state.ending || state.work || state.held || !hasText(text)) return
  say(draft, { source: 'silencePrompt', text, interruptible: true, remember: true })
}

/** Something else has, or wants, the floor: the commitment is taken back, the work goes on. */
export function hold(draft: Draft, granted: boolean): void {
  const { state } = draft
  if (!state.work) return
  if (state.work.committed) draft.commands.push({ type: 'reply.hold', generation: state.work.generation })
  state.work = { ...state.work, committed: false, grantedAtMs: granted ? state.work.grantedAtMs : null }
}

/** The reply in preparation is on the wire: it is speech now, and its question is history. */
export function becomeAudible(draft: Draft, work: Work): void {
  const { state } = draft
  const instants = instantsOf(draft, work)
  const opening = work.prompt.kind === 'greeting'
  const turn = opening ? turnId(state.turn) : openTurn(state)
  if (work.prompt.kind === 'user') closeAnswered(draft, work.prompt.text)
  if (work.prompt.kind === 'ask') commitAsk(draft, work.prompt.text)
  state.work = null
  state.speech = {
    ...silentSpeech(draft),
    generation: work.generation,
    turn,
    source: opening ? 'greeting' : 'reply',
    interruptible: opening ? draft.rules.greetingInterruptible : true,
    endAfter: work.tool && endOf(work.tool),
    failure: work.failure,
    instants,
  }
}

/** Silence with the next packet. What waited behind the speech is forgotten. */
export function cut(draft: Draft): void {
  const { state } = draft
  const { speech } = state
  if (!speech) return
  draft.commands.push({ type: 'playout.flush', generation: speech.generation })
  draft.commands.push({ type: 'reply.cancel', generation: speech.generation })
  if (speech.stance === 'ducked') draft.commands.push({ type: 'playout.duck', gainDb: 0 })
  reportTurn(draft, speech, draft.nowMs)
  state.speech = null
  wasHeard(draft, speech, speech.heard)
  state.queue = []
}

/** The last sample has left. */
export function finish(draft: Draft, speech: Speech, heard: string): void {
  const { state } = draft
  if (speech.stance === 'ducked') draft.commands.push({ type: 'playout.duck', gainDb: 0 })
  reportTurn(draft, speech, null)
  state.speech = null
  wasHeard(draft, speech, heard)
  if (speech.source === 'reply') state.habits = { ...state.habits, cutIns: Math.max(0, state.habits.cutIns - 0.5) }
  if (speech.failure) state.fatal = { code: speech.failure.code, apologise: speech.failure.stage === 'llm' }
  if (speech.endAfter) state.ending = speech.endAfter
}

/** The voice was none of the user's wanting the floor: on from the word the assistant stopped in. */
export function resumeSpeech(draft: Draft, speech: Speech): void {
  draft.commands.push({ type: 'playout.resume', generation: speech.generation })
  draft.state.speech = { ...speech, stance: 'full', progressAtMs: draft.nowMs }
}

/** The assistant's last words decide what the next ones of the user mean. A filler, or nothing, asks nothing new. */
function wasHeard({ state, rules, nowMs }: Draft, speech: Speech, words: string): void {
  state.lastWords = words
  state.spokeUntilMs = nowMs
  if (speech.source === 'filler' || !hasText(words)) return
  const language = languageOf(rules)
  state.asked = { expecting: expectationOf(words, language), length: expectedLength(words, language) }
}

/** The reply will not come: its instants are reported, its question is history. */
export function giveUp(draft: Draft, work: Work): void {
  const { state } = draft
  const instants = instantsOf(draft, work)
  const turn = work.prompt.kind === 'greeting' ? turnId(state.turn) : openTurn(state)
  discard(draft)
  draft.commands.push({ type: 'turn.complete', timings: timingsOf({ turn, generation: work.generation }, instants) })
  if (work.prompt.kind === 'ask') commitAsk(draft, work.prompt.text)
  if (work.prompt.kind === 'user') closeAnswered(draft, userText(state.user))
}

/** Puts what the user said into the history, if anything, and closes the turn. */
function closeAnswered(draft: Draft, answeredText: string): void {
  const { state } = draft
  const { user } = state
  const text = userText(user)
  if (hasText(text)) {
    const fromMs = user.openedAtMs ?? user.onsetAtMs
    const toMs = Math.max(fromMs, user.lastVoiceAtMs)
    draft.commands.push({ type: 'history.user', turn: openTurn(state), text, fromMs, toMs, origin: 'speech' })
    state.turn += 1
  }
  const { segments } = user
  state.answered = {
    text: answeredText,
    unconfirmed: segments.length > 1 ? (segments.find((segment) => !segment.final)?.text ?? '') : answeredText,
    awaitingFinal: user.pendingFinals > 0 && !user.voiced,
  }
  forgetTurn(draft)
}

/** Closes the open turn without a trace: noise, or a listening noise. A stretch that still sounds opens the next one. */
export function forgetTurn(draft: Draft): void {
  const { voiced, onsetAtMs, onsetMediaMs, speechOnsetAtMs, lastVoiceAtMs, suspectedAtMs, suspectedFromMs } =
    draft.state.user
  draft.state.user = {
    ...silentUser,
    voiced,
    onsetAtMs,
    onsetMediaMs,
    speechOnsetAtMs,
    lastVoiceAtMs,
    suspectedAtMs,
    suspectedFromMs,
    openedAtMs: voiced ? onsetAtMs : null,
    openedMediaMs: onsetMediaMs,
    pendingFinals: voiced ? 1 : 0,
    overlapping: voiced && draft.state.speech !== null,
  }
}

export function endOf(tool: NonNullable<Work['tool']>): ConversationEnd {
  switch (tool.kind) {
    case 'endCall':
      return { kind: 'assistantEnded' }
    case 'transferToGroup':
      return { kind: 'transfer', skillGroupId: tool.skillGroupId }
    case 'transferToAgent':
      return { kind: 'handOver', agentId: tool.agentId }
    default:
      return tool satisfies never
  }
}

/** `end` null: the call is gone, nobody needs to be told. */
export function endTalk(draft: Draft, end: ConversationEnd | null): void {
  const { state } = draft
  if (state.work) discard(draft)
  if (state.speech) cut(draft)
  closeAnswered(draft, '')
  state.life = 'over'
  state.greetingDueAtMs = null
  if (end) draft.commands.push({ type: 'call.end', end })
}

function commitAsk(draft: Draft, text: string): void {
  const { nowMs, state } = draft
  draft.commands.push({ type: 'history.user', turn: openTurn(state), text, fromMs: nowMs, toMs: nowMs, origin: 'ask' })
  state.turn += 1
}

function silentSpeech(draft: Draft): Omit<Speech, 'generation' | 'source' | 'interruptible'> {
  const { nowMs, state } = draft
  return {
    turn: turnId(state.turn),
    startedAtMs: nowMs,
    firstPacketAtMs: null,
    playedSamples: 0,
    progressAtMs: nowMs,
    heard: '',
    stance: 'full',
    dismissedOnsetMs: null,
    checkedAtMs: null,
    baseWords: wordsOf(userText(state.user)).length,
    endAfter: null,
    failure: null,
    instants: noInstants,
  }
}
