import type { TurnHint } from '@parley/core'
import type { TurnEvent, TurnTimer } from './events.ts'
import { becomeAudible, discard, endOf, endTalk, finish } from './floor.ts'
import { takeAsk, takeSay } from './operator.ts'
import { keptPauses, leastPauseMs } from './policy/endpointing.ts'
import { firstSignMs, suspected } from './policy/first-signs.ts'
import { keptReplies } from './policy/speculation.ts'
import type { Draft, Speech, Work } from './state.ts'
import { hear, understood, userText } from './transcript.ts'
import { hasText } from './words.ts'

/** Gaps up to this long part words, not speech. Detectors end a stretch after about 100 ms. Taste. */
const wordGapMs = 250

/** Writes down what happened. What follows from it is decided by the rules afterwards. */
export function observe(draft: Draft, event: TurnEvent): void {
  const { state, nowMs, rules } = draft
  const work = 'generation' in event && state.work?.generation === event.generation ? state.work : null
  const speech = 'generation' in event && state.speech?.generation === event.generation ? state.speech : null
  switch (event.type) {
    case 'answered':
      state.life = 'live'
      state.lastSaidAtMs = nowMs
      state.greetingDueAtMs = rules.greeting.kind === 'none' ? null : nowMs + rules.greetingDelayMs
      break
    case 'closed':
      endTalk(draft, null)
      break
    case 'speech.started':
      startVoice(draft, event.onsetAtMs, event.mediaMs)
      break
    case 'speech.suspected':
      state.user = suspected(state.user, nowMs)
      break
    case 'speech.stopped':
      if (state.user.voiced) {
        const { lastVoiceAtMs, mediaMs } = event
        state.user = { ...state.user, voiced: false, lastVoiceAtMs, stoppedMediaMs: mediaMs }
      }
      break
    case 'transcript':
      hear(draft, event)
      break
    case 'transcript.turn':
      takeHint(draft, event.state)
      break
    case 'endOfTurn.scored':
      if (!state.user.voiced) state.user = { ...state.user, endScore: event.probability }
      break
    case 'reply.sentence':
      if (work) state.work = { ...work, sentence: true }
      break
    case 'reply.ready':
      if (work) becomeReady(draft, work)
      break
    case 'reply.audible':
      if (work) becomeAudible(draft, work)
      // From here on packets are expected; the voice has taken the time before.
      if (speech) state.speech = moved(speech, nowMs)
      break
    case 'reply.empty':
      if (work) state.work = { ...work, empty: true }
      if (speech) finish(draft, speech, '')
      break
    case 'reply.failed':
      fail(draft, event, work, speech)
      break
    case 'tool.called':
      if (work) state.work = { ...work, tool: event.tool }
      if (speech) state.speech = { ...speech, endAfter: endOf(event.tool) }
      break
    case 'playout.started':
      if (speech) state.speech = moved({ ...speech, firstPacketAtMs: event.firstPacketAtMs }, nowMs)
      break
    case 'playout.progress':
      if (speech) state.speech = progress(speech, event.playedSamples, event.heard, nowMs)
      break
    case 'playout.finished':
      if (speech) finish(draft, speech, event.heard)
      break
    case 'playout.checked':
      if (speech) judgeStall(draft, speech, event.unplayedSamples)
      break
    case 'reply.wasted':
      state.wastedTokens += event.tokens
      break
    case 'hold.started':
      state.held = true
      break
    case 'hold.ended':
      comeBack(draft)
      break
    case 'recognizer.failed':
      draft.commands.push({ type: 'provider.failed', stage: 'asr', code: event.code })
      state.fatal ??= { code: event.code, apologise: true }
      break
    case 'control.say':
      takeSay(draft, event.request)
      break
    case 'control.ask':
      takeAsk(draft, event.request)
      break
    case 'dtmf':
      state.keys += event.key
      state.quietSinceMs = null
      understood(draft)
      break
    case 'timer.fired':
      forgetTimer(draft, event.timer)
      break
    default:
      event satisfies never
  }
}

/** It has rung. Should its instant still lie ahead, it is set again instead of being taken for running. */
function forgetTimer({ state }: Draft, timer: TurnTimer): void {
  const { [timer]: _rung, ...running } = state.timers
  state.timers = running
}

function startVoice(draft: Draft, onsetAtMs: number, mediaMs: number): void {
  const { state } = draft
  const { user } = state
  const fresh = user.openedAtMs === null
  const overlap = state.speech !== null
  const signsFromMs = firstSignMs(user, onsetAtMs, wordGapMs)
  state.user = {
    ...user,
    voiced: true,
    onsetAtMs,
    onsetMediaMs: mediaMs,
    speechOnsetAtMs: !fresh && onsetAtMs < user.lastVoiceAtMs + wordGapMs ? user.speechOnsetAtMs : signsFromMs,
    openedAtMs: user.openedAtMs ?? onsetAtMs,
    openedMediaMs: fresh ? mediaMs : user.openedMediaMs,
    pendingFinals: user.pendingFinals + (user.voiced ? 0 : 1),
    current: false,
    wordsVoiceAtMs: user.pendingFinals === 0 ? user.lastVoiceAtMs : user.wordsVoiceAtMs,
    overlapping: overlap && (fresh || user.overlapping),
    hint: 'none',
    endScore: null,
    scoreDueAtMs: null,
  }
  const pauseMs = onsetAtMs - user.lastVoiceAtMs
  if (fresh || overlap || user.voiced || pauseMs < leastPauseMs || !hasText(userText(user))) return
  state.habits = { ...state.habits, pausesMs: [...state.habits.pausesMs, pauseMs].slice(-keptPauses) }
}

function progress(speech: Speech, playedSamples: number, heard: string, nowMs: number): Speech {
  const now = { ...speech, playedSamples, heard }
  return playedSamples === speech.playedSamples ? now : moved(now, nowMs)
}

const moved = (speech: Speech, nowMs: number): Speech => ({ ...speech, progressAtMs: nowMs, checkedAtMs: null })

function takeHint(draft: Draft, hint: TurnHint['state']): void {
  const { state } = draft
  if (state.user.openedAtMs === null) return
  state.user = { ...state.user, hint: hint === 'resumed' ? 'none' : hint }
  if (hint === 'resumed' && state.work?.prompt.kind === 'user' && state.work.grantedAtMs === null) discard(draft)
}

function becomeReady({ state, nowMs }: Draft, work: Work): void {
  state.work = { ...work, sentence: true, ready: true }
  if (work.ready || work.prompt.kind !== 'user') return
  const repliesMs = [...state.habits.repliesMs, nowMs - work.startedAtMs].slice(-keptReplies)
  state.habits = { ...state.habits, repliesMs }
}

/** Audio waits and none of it leaves: the playout is set going again. With none waiting the voice is merely slow. */
function judgeStall(draft: Draft, speech: Speech, unplayedSamples: number): void {
  if (unplayedSamples <= 0 || speech.stance === 'paused' || speech.checkedAtMs === null) return
  draft.commands.push({ type: 'talk.repaired', fault: 'speakingWithoutPackets' })
  draft.commands.push({ type: 'playout.resume', generation: speech.generation })
}

/** Off hold: nobody was silent meanwhile, and nothing was late. */
function comeBack(draft: Draft): void {
  const { state, nowMs } = draft
  state.held = false
  state.lastSaidAtMs = nowMs
  state.quietSinceMs = null
  if (state.speech) state.speech = moved(state.speech, nowMs)
}

function fail(
  draft: Draft,
  event: TurnEvent & { readonly type: 'reply.failed' },
  work: Work | null,
  speech: Speech | null,
): void {
  const failure = { stage: event.stage, code: event.code }
  // A failed speculation costs nothing: the endpoint asks again.
  if (work && work.grantedAtMs === null) discard(draft)
  else if (work) draft.state.work = { ...work, failure }
  if (!speech) return
  draft.commands.push({ type: 'provider.failed', ...failure })
  if (event.audible) draft.state.speech = { ...speech, failure }
  else finish(draft, { ...speech, failure }, '')
}
