import type {
  CallAgent,
  CallEventBody,
  CallLimits,
  CallOutcome,
  CallState,
  ConversationEnd,
  ErrorCode,
  LegEvent,
  SkillGroup,
  TransferRequester,
} from '@parley/core'
import type { EarlyFinding } from './early/early-media.ts'
import { outcomeOfRefusal, outcomeOfTalk, withFinding } from './outcome.ts'
import {
  type HumanEvent,
  startTransfer,
  stepTransfer,
  type Transfer,
  type TransferCommand,
  type TransferEvent,
  withdrawTransfer,
} from './transfer.ts'

/**
 * The life of one call as a pure state machine.
 *
 *                                     transferring
 *                        a human is asked for │  ▲│ nobody took the call
 *                                             │  │▼
 *   created ──▶ dialing ──▶ ringing ──▶ answered ──▶ ending ──▶ ended
 *      │           │           │            │           ▲
 *      └───────────┴───────────┴────────────┴───────────┘   the first cause decides the outcome
 *
 * In `transferring` nobody talks for us: the search for a human has its own picture (`transfer.ts`). `ending` lasts until
 * the leg is down (or the teardown timer fires). Invariant: one call, one outcome, one record.
 */
export interface CallMachine {
  readonly phase: CallState
  readonly limits: CallLimits
  readonly outcome?: CallOutcome
  readonly legDown: boolean
  /** What early media told. */
  readonly early?: EarlyFinding
  /** In `transferring` only. */
  readonly transfer: Transfer | null
  /** Targets of transfers tried so far. */
  readonly attempts: number
}

export type CallTimer = 'ring' | 'early' | 'duration' | 'teardown' | 'human'

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
  | { readonly type: 'conversation.ended'; readonly end: Exclude<ConversationEnd, { kind: 'transfer' | 'handOver' }> }
  /** A human is asked for. The assistant has said what it wanted to say, or is cut off. */
  | {
      readonly type: 'transfer.request'
      readonly group: SkillGroup
      readonly by: TransferRequester
      /** Of the caller. */
      readonly trunk: string
    }
  /** Another stored agent shall go on with the talk. */
  | { readonly type: 'agent.found'; readonly agent: CallAgent }
  | HumanEvent
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
  /** The assistant is silent and hears nothing; the caller hears the hold prompt of `group`. */
  | { readonly type: 'talk.pause'; readonly group: SkillGroup }
  /** No human took the call: the hold prompt ends, the assistant goes on and is told so. */
  | { readonly type: 'talk.resume' }
  /** The agent speaks in place of the assistant, which it has the history of. */
  | { readonly type: 'talk.handOver'; readonly agent: CallAgent }
  | Exclude<TransferCommand, { type: 'journal' | 'timer.set' | 'timer.clear' }>
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

export const newCall = (limits: CallLimits): CallMachine => ({
  phase: 'created',
  limits,
  legDown: false,
  transfer: null,
  attempts: 0,
})

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
      return call.phase === 'transferring' ? [call, []] : end(call, outcomeOfTalk(event.end), event.atMs)
    case 'transfer.request':
      return requestTransfer(call, event)
    case 'agent.found': {
      const { agent } = event
      if (call.phase !== 'answered') return [call, []]
      const joined: CallEventBody = { type: 'agent.joined', ...agent }
      return [
        call,
        [
          { type: 'journal', body: joined },
          { type: 'talk.handOver', agent },
        ],
      ]
    }
    case 'human.leg':
    case 'human.noLine':
    case 'human.lost':
    case 'human.briefed':
    case 'human.joined':
      return onTransfer(call, event, event.atMs)
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
  // The INVITE first: the call's slot is short.
  const commands: CallCommand[] = [{ type: 'leg.dial' }, { type: 'journal', body: { type: 'call.dialing' } }]
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
      return [call, []]
    case 'transfer':
      return onTransfer(call, { type: 'referred', status: event.status }, atMs)
    case 'bye':
      return end({ ...call, legDown: true }, byeOutcome(call), atMs)
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
    case 'human':
      return onTransfer(call, { type: 'human.timeout' }, atMs)
    case 'teardown':
      return finish({ ...call, legDown: true })
    default:
      return timer satisfies never
  }
}

function requestTransfer(
  call: CallMachine,
  { group, by, trunk, atMs }: Extract<CallMachineEvent, { type: 'transfer.request' }>,
): Step {
  if (call.phase !== 'answered') return [call, []]
  const step = startTransfer({ group, by, callerTrunk: trunk, attempt: call.attempts }, atMs)
  const [next, commands] = afterTransfer({ ...call, phase: 'transferring' }, step, atMs)
  return [next, [{ type: 'talk.pause', group }, ...commands]]
}

function onTransfer(call: CallMachine, event: TransferEvent, atMs: number): Step {
  if (call.phase !== 'transferring' || !call.transfer) return [call, []]
  return afterTransfer(call, stepTransfer(call.transfer, event, atMs), atMs)
}

function afterTransfer(call: CallMachine, step: ReturnType<typeof stepTransfer>, atMs: number): Step {
  const { transfer, commands, verdict } = step
  const next: CallMachine = { ...call, transfer, attempts: transfer.attempt + 1 }
  switch (verdict) {
    case 'going':
      return [next, commands]
    case 'failed':
      // The attempt that could not begin is none.
      return [
        { ...next, phase: 'answered', transfer: null, attempts: transfer.attempt },
        [...commands, { type: 'talk.resume' }],
      ]
    case 'over': {
      // Whom REFER took away is with the human now: nothing of the transfer is ours to end.
      const isReferred = transfer.stage !== 'joined'
      const outcome: CallOutcome = { kind: 'transferred', ...(isReferred ? {} : { by: 'human' }) }
      const [ended, down] = end({ ...next, transfer: isReferred ? null : transfer }, outcome, atMs)
      return [ended, [...commands, ...down]]
    }
    default:
      return verdict satisfies never
  }
}

/** The peer hangs up: a caller who speaks with a human was transferred before. */
function byeOutcome({ transfer }: CallMachine): CallOutcome {
  if (transfer?.stage === 'replaced') return { kind: 'transferred' }
  return transfer?.stage === 'joined' ? { kind: 'transferred', by: 'user' } : { kind: 'completed', by: 'user' }
}

/** A leg that fails under an answered call is a fault; before that it says why nobody answered. */
function refusalOutcome(call: CallMachine, event: Extract<LegEvent, { type: 'rejected' | 'failed' }>): CallOutcome {
  return isAnswered(call) ? { kind: 'failed', code: 'SIP_PROTOCOL' } : withFinding(outcomeOfRefusal(event), call.early)
}

/** The API's hang-up ends an answered call and withdraws an unanswered one. */
function hangupOutcome(call: CallMachine): CallOutcome {
  if (isAnswered(call)) return { kind: 'completed', by: 'operator' }
  return { kind: 'cancelled', rang: call.phase === 'ringing' }
}

const isAnswered = ({ phase }: CallMachine): boolean => phase === 'answered' || phase === 'transferring'

/** Takes the outcome if none was decided yet and brings everything down. Later causes change nothing. */
function end(call: CallMachine, outcome: CallOutcome, atMs: number): Step {
  if (call.phase === 'ending') return call.legDown ? finish(call) : [call, []]
  const ending: CallMachine = { ...call, phase: 'ending', outcome, transfer: null }
  const down: CallCommand[] = [
    { type: 'timer.clear', timer: 'ring' },
    { type: 'timer.clear', timer: 'early' },
    { type: 'timer.clear', timer: 'duration' },
    { type: 'talk.stop' },
    ...(call.transfer ? withdrawTransfer(call.transfer) : []),
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
