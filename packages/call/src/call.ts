import type {
  CallEventBody,
  CallLimits,
  CallOutcome,
  CallState,
  ConversationEnd,
  ErrorCode,
  LegEvent,
} from '@parley/core'
import type { EarlyFinding } from './early/early-media.ts'
import { outcomeOfRefusal, outcomeOfTalk, withFinding } from './outcome.ts'

/**
 * The life of one call as a pure state machine.
 *
 *   created ──▶ dialing ──▶ ringing ──▶ answered ──▶ ending ──▶ ended
 *      │           │           │            │           ▲
 *      └───────────┴───────────┴────────────┴───────────┘   the first cause decides the outcome
 *
 * `ending` lasts until the leg is down (or the teardown timer fires). Invariant: one call, one outcome, one record.
 */
export interface CallMachine {
  readonly phase: CallState
  readonly limits: CallLimits
  readonly outcome?: CallOutcome
  readonly legDown: boolean
  /** What early media told. */
  readonly early?: EarlyFinding
}

export type CallTimer = 'ring' | 'early' | 'duration' | 'teardown'

export type CallMachineEvent = { readonly atMs: number } & (
  | { readonly type: 'dial' }
  /** An incoming call whose offer we accepted. */
  | { readonly type: 'accept' }
  | { readonly type: 'leg'; readonly event: Exclude<LegEvent, { type: 'reoffer' | 'dtmf' }> }
  /** Tones or an announcement before the answer say why there will be none. */
  | { readonly type: 'early.finding'; readonly finding: EarlyFinding }
  /** A machine answered, and such calls are to be ended. */
  | { readonly type: 'machine.answered' }
  /** Media could not be set up or was lost. */
  | { readonly type: 'media.failed'; readonly code: ErrorCode }
  | { readonly type: 'conversation.ended'; readonly end: ConversationEnd }
  | { readonly type: 'hangup' }
  | { readonly type: 'shutdown' }
  | { readonly type: 'timer.fired'; readonly timer: CallTimer }
)

export type CallCommand =
  | { readonly type: 'journal'; readonly body: CallEventBody }
  | { readonly type: 'leg.dial' }
  | { readonly type: 'leg.hangup' }
  /** Connect media to the peer's answer (absent: already negotiated) and start the conversation. */
  | { readonly type: 'talk.start'; readonly sdp?: string }
  | { readonly type: 'talk.stop' }
  | { readonly type: 'timer.set'; readonly timer: CallTimer; readonly atMs: number }
  | { readonly type: 'timer.clear'; readonly timer: CallTimer }
  /** Everything is down: close media, write the end, forget the call. */
  | { readonly type: 'finish'; readonly outcome: CallOutcome }

type Step = readonly [CallMachine, readonly CallCommand[]]

/** How long the leg may take to confirm its end before the call is closed without it. */
export const teardownMs = 4_000
/** How long the network may go on after an announcement was understood, or a tone was heard, before we hang up. */
const afterWordsMs = 2_000
const afterToneMs = 8_000

export const newCall = (limits: CallLimits): CallMachine => ({ phase: 'created', limits, legDown: false })

export function stepCall(call: CallMachine, event: CallMachineEvent): Step {
  if (call.phase === 'ended') return [call, []]
  switch (event.type) {
    case 'dial':
      return dial(call, event.atMs)
    case 'accept':
      return answered(call, event.atMs)
    case 'leg':
      return onLeg(call, event.event, event.atMs)
    case 'early.finding':
      return onFinding(call, event.finding, event.atMs)
    case 'machine.answered':
      if (call.phase !== 'answered') return [call, []]
      return end(call, { kind: 'unanswered', reason: 'voicemail' }, event.atMs)
    case 'media.failed':
      return end(call, { kind: 'failed', code: event.code }, event.atMs)
    case 'conversation.ended':
      return end(call, outcomeOfTalk(event.end), event.atMs)
    case 'hangup':
      return end(call, hangupOutcome(call), event.atMs)
    case 'shutdown':
      return end(call, { kind: 'failed', code: 'SHUTDOWN' }, event.atMs)
    case 'timer.fired':
      return onTimer(call, event.timer, event.atMs)
    default:
      return event satisfies never
  }
}

function dial(call: CallMachine, atMs: number): Step {
  if (call.phase !== 'created') return [call, []]
  const commands: CallCommand[] = [{ type: 'journal', body: { type: 'call.dialing' } }, { type: 'leg.dial' }]
  if (call.limits.ringMs !== undefined) {
    commands.push({ type: 'timer.set', timer: 'ring', atMs: atMs + call.limits.ringMs })
  }
  return [{ ...call, phase: 'dialing' }, commands]
}

function onLeg(call: CallMachine, event: Extract<CallMachineEvent, { type: 'leg' }>['event'], atMs: number): Step {
  switch (event.type) {
    case 'ringing':
      if (call.phase !== 'dialing') return [call, []]
      return [{ ...call, phase: 'ringing' }, [{ type: 'journal', body: { type: 'call.ringing' } }]]
    case 'answered':
      return answered(call, atMs, event.sdp)
    case 'rejected':
    case 'failed':
      return end({ ...call, legDown: true }, refusalOutcome(call, event), atMs)
    case 'reoffer.answered':
    case 'reoffer.refused':
    case 'transfer':
      return [call, []]
    case 'bye':
      return end({ ...call, legDown: true }, { kind: 'completed', by: 'user' }, atMs)
    default:
      return event satisfies never
  }
}

/** Words are believed before tones, and the last of them. The network gets some time to end the call itself. */
function onFinding(call: CallMachine, finding: EarlyFinding, atMs: number): Step {
  if (call.phase !== 'dialing' && call.phase !== 'ringing') return [call, []]
  if (call.early?.by === 'words' && (finding.by === 'tone' || finding.reason === call.early.reason)) return [call, []]
  const waitMs = finding.by === 'words' ? afterWordsMs : afterToneMs
  return [{ ...call, early: finding }, [{ type: 'timer.set', timer: 'early', atMs: atMs + waitMs }]]
}

function answered(call: CallMachine, atMs: number, sdp?: string): Step {
  if (call.phase !== 'created' && call.phase !== 'dialing' && call.phase !== 'ringing') return [call, []]
  const commands: CallCommand[] = [
    { type: 'timer.clear', timer: 'ring' },
    { type: 'timer.clear', timer: 'early' },
    { type: 'journal', body: { type: 'call.answered' } },
    { type: 'talk.start', ...(sdp === undefined ? {} : { sdp }) },
  ]
  if (call.limits.callMs !== undefined) {
    commands.push({ type: 'timer.set', timer: 'duration', atMs: atMs + call.limits.callMs })
  }
  return [{ ...call, phase: 'answered' }, commands]
}

function onTimer(call: CallMachine, timer: CallTimer, atMs: number): Step {
  switch (timer) {
    case 'ring':
      if (call.phase !== 'dialing' && call.phase !== 'ringing') return [call, []]
      return end(call, withFinding({ kind: 'unanswered', reason: 'noAnswer' }, call.early), atMs)
    case 'early':
      if (!call.early || (call.phase !== 'dialing' && call.phase !== 'ringing')) return [call, []]
      return end(call, { kind: 'unanswered', reason: call.early.reason }, atMs)
    case 'duration':
      return end(call, { kind: 'expired', limit: 'duration' }, atMs)
    case 'teardown':
      return finish({ ...call, legDown: true })
    default:
      return timer satisfies never
  }
}

/** A leg that fails under an answered call is a fault; before that it says why nobody answered. */
function refusalOutcome(call: CallMachine, event: Extract<LegEvent, { type: 'rejected' | 'failed' }>): CallOutcome {
  return call.phase === 'answered'
    ? { kind: 'failed', code: 'SIP_PROTOCOL' }
    : withFinding(outcomeOfRefusal(event), call.early)
}

/** The API's hang-up ends an answered call and withdraws an unanswered one. */
function hangupOutcome(call: CallMachine): CallOutcome {
  if (call.phase === 'answered') return { kind: 'completed', by: 'operator' }
  return { kind: 'cancelled', rang: call.phase === 'ringing' }
}

/** Takes the outcome if none was decided yet and brings everything down. Later causes change nothing. */
function end(call: CallMachine, outcome: CallOutcome, atMs: number): Step {
  if (call.phase === 'ending') return call.legDown ? finish(call) : [call, []]
  const ending: CallMachine = { ...call, phase: 'ending', outcome }
  const down: CallCommand[] = [
    { type: 'timer.clear', timer: 'ring' },
    { type: 'timer.clear', timer: 'early' },
    { type: 'timer.clear', timer: 'duration' },
    { type: 'talk.stop' },
  ]
  if (call.legDown || call.phase === 'created') {
    const [ended, commands] = finish(ending)
    return [ended, [...down, ...commands]]
  }
  return [ending, [...down, { type: 'leg.hangup' }, { type: 'timer.set', timer: 'teardown', atMs: atMs + teardownMs }]]
}

function finish(call: CallMachine): Step {
  if (call.outcome === undefined) return [call, []]
  return [
    { ...call, phase: 'ended' },
    [
      { type: 'timer.clear', timer: 'teardown' },
      { type: 'finish', outcome: call.outcome },
    ],
  ]
}
