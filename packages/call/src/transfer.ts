import type {
  CallEventBody,
  LegEvent,
  SkillGroup,
  TransferFailure,
  TransferRequester,
  TransferTarget,
} from '@parley/core'
import { outcomeOfRefusal } from './outcome.ts'

/**
 * The search for a human who takes a call over, as a pure state machine. One target of the group is tried at a time.
 *
 *   bridge   calling ──answers──▶ briefing ──told, or too long──▶ joining ──▶ joined ──either hangs up──▶ over
 *               │                    │ leaves                        │ fails
 *               └── busy, no answer, refused, no line ◀──────────────┘
 *                       │
 *                       ├──▶ the next target: calling
 *                       └──▶ none is left: failed, the assistant goes on
 *
 *   refer    referring ──the peer reached the target──▶ over
 *               └── refused, no news ──▶ the next target, or failed
 *
 *   attended, from briefing on, when the caller is on the human's trunk
 *            replacing ──the peer took our place──▶ over
 *               │  └── refused, no news ──▶ joining
 *               └── the human's phone ends our leg ──▶ replaced ──the peer took our place──▶ over
 *                                                         └── refused, no news ──▶ the next target, or failed
 *
 * What an earlier target still says (it carries the number of its attempt) changes nothing.
 */
export interface Transfer {
  readonly group: SkillGroup
  readonly by: TransferRequester
  /** Of the caller. */
  readonly callerTrunk: string
  /** Which target is tried. */
  readonly target: number
  /** Number of this attempt within the call. */
  readonly attempt: number
  readonly stage: 'calling' | 'briefing' | 'joining' | 'joined' | 'referring' | 'replacing' | 'replaced'
}

/** What a human's leg may tell a transfer. */
type HumanLegEvent = Extract<LegEvent, { type: 'ringing' | 'answered' | 'rejected' | 'failed' | 'bye' }>

export type TransferEvent =
  | { readonly type: 'human.leg'; readonly attempt: number; readonly event: HumanLegEvent }
  /** The trunk's limits leave no line to call this human. */
  | { readonly type: 'human.noLine'; readonly attempt: number }
  /** No media for this human, or none any more. */
  | { readonly type: 'human.lost'; readonly attempt: number }
  /** The summary was heard, or there is none to hear. */
  | { readonly type: 'human.briefed'; readonly attempt: number }
  | { readonly type: 'human.joined'; readonly attempt: number }
  /** What the caller's side tells of its call to the target, or of taking our place. */
  | { readonly type: 'referred'; readonly status: number }
  | { readonly type: 'human.timeout' }

/** What a human's leg tells. */
export type HumanEvent = Exclude<TransferEvent, { type: 'referred' | 'human.timeout' }>

export type TransferCommand =
  | { readonly type: 'journal'; readonly body: CallEventBody }
  | { readonly type: 'human.dial'; readonly attempt: number; readonly target: TransferTarget }
  /** Connect media to the human's answer and tell what the call is about; `human.briefed` follows. */
  | { readonly type: 'human.brief'; readonly attempt: number; readonly sdp: string }
  /** The caller's hold prompt and the summary stop, both sides hear each other; `human.joined` follows. */
  | { readonly type: 'human.join'; readonly attempt: number }
  /** Ask the caller's side to take our place with the human; `referred` follows. */
  | { readonly type: 'human.refer'; readonly attempt: number }
  | { readonly type: 'human.hangup'; readonly attempt: number }
  /** Ask the caller's side to call the target in our place. */
  | { readonly type: 'leg.refer'; readonly uri: string }
  | { readonly type: 'timer.set'; readonly timer: 'human'; readonly atMs: number }
  | { readonly type: 'timer.clear'; readonly timer: 'human' }

/** `failed`: no target is left. `over`: the human took the call and is done with it, or the peer has it. */
type TransferVerdict = 'going' | 'failed' | 'over'

interface TransferStep {
  readonly transfer: Transfer
  readonly commands: readonly TransferCommand[]
  readonly verdict: TransferVerdict
}

/** The longest a human waits for the caller after the answer: a summary of two sentences, and the model's time. Taste. */
export const briefingMs = 20_000
/** What signalling may need beyond the ringing when the peer calls the target. Taste. */
export const referMarginMs = 5_000

/** The longest that joining two streams may take. Taste. */
export const joiningMs = 5_000
/** How long the caller's side may take to put itself in our place with a human who is on the line. Taste. */
export const replacingMs = 10_000

/** Begins with the first target. `attempt`: the first number that is free. */
export function startTransfer(
  request: Pick<Transfer, 'group' | 'by' | 'callerTrunk' | 'attempt'>,
  atMs: number,
): TransferStep {
  return tryTarget({ ...request, target: 0, stage: 'calling' }, atMs)
}

export function stepTransfer(transfer: Transfer, event: TransferEvent, atMs: number): TransferStep {
  if ('attempt' in event && event.attempt !== transfer.attempt) return stay(transfer)
  switch (event.type) {
    case 'human.leg':
      return onLeg(transfer, event.event, atMs)
    case 'human.noLine':
      return transfer.stage === 'calling' ? failed(transfer, 'noLine', atMs, false) : stay(transfer)
    case 'human.lost':
      if (transfer.stage === 'replaced') return stay(transfer)
      return transfer.stage === 'joined' ? over(transfer) : failed(transfer, 'unreachable', atMs, true)
    case 'human.briefed':
      return transfer.stage === 'briefing' ? handOver(transfer, atMs) : stay(transfer)
    case 'human.joined':
      if (transfer.stage !== 'joining') return stay(transfer)
      return going({ ...transfer, stage: 'joined' }, [
        { type: 'timer.clear', timer: 'human' },
        journal({ type: 'transfer.joined', attempt: transfer.attempt }),
      ])
    case 'referred':
      return onReferred(transfer, event.status, atMs)
    case 'human.timeout':
      return onTimeout(transfer, atMs)
    default:
      return event satisfies never
  }
}

/** The call ends: nothing of the transfer is left behind. */
export function withdrawTransfer({ stage, attempt }: Transfer): readonly TransferCommand[] {
  const ended: CallEventBody =
    stage === 'joined' || stage === 'replaced'
      ? { type: 'transfer.ended', attempt }
      : { type: 'transfer.failed', attempt, failure: 'withdrawn' }
  return [{ type: 'timer.clear', timer: 'human' }, ...hangup(stage, attempt), journal(ended)]
}

function tryTarget(transfer: Transfer, atMs: number): TransferStep {
  const { group, by, attempt } = transfer
  const target = group.targets[transfer.target]
  if (!target) return { transfer, commands: [], verdict: 'failed' }
  const { id, name, mode, ringMs } = group
  const started: CallEventBody = {
    type: 'transfer.started',
    attempt,
    by,
    skillGroupId: id,
    skillGroupName: name,
    mode,
    callee: target.callee,
  }
  if (mode === 'refer') {
    return going({ ...transfer, stage: 'referring' }, [
      journal(started),
      { type: 'leg.refer', uri: target.uri },
      { type: 'timer.set', timer: 'human', atMs: atMs + ringMs + referMarginMs },
    ])
  }
  return going({ ...transfer, stage: 'calling' }, [
    journal(started),
    { type: 'human.dial', attempt, target },
    { type: 'timer.set', timer: 'human', atMs: atMs + ringMs },
  ])
}

function onLeg(transfer: Transfer, event: HumanLegEvent, atMs: number): TransferStep {
  const { stage, attempt } = transfer
  // The phone of a human whose call was taken over by another dialog ends the one with us. RFC 3891 section 3
  if (stage === 'replacing' && event.type !== 'ringing') return going({ ...transfer, stage: 'replaced' }, [])
  if (stage === 'replaced') return stay(transfer)
  switch (event.type) {
    case 'ringing':
      return stage === 'calling' ? going(transfer, [journal({ type: 'transfer.ringing', attempt })]) : stay(transfer)
    case 'answered':
      if (stage !== 'calling') return stay(transfer)
      return going({ ...transfer, stage: 'briefing' }, [
        journal({ type: 'transfer.answered', attempt }),
        { type: 'human.brief', attempt, sdp: event.sdp },
        { type: 'timer.set', timer: 'human', atMs: atMs + briefingMs },
      ])
    case 'rejected':
    case 'failed':
      return stage === 'joined' ? over(transfer) : failed(transfer, failureOf(event), atMs, false)
    case 'bye':
      return stage === 'joined' ? over(transfer) : failed(transfer, 'left', atMs, false)
    default:
      return event satisfies never
  }
}

function onReferred(transfer: Transfer, status: number, atMs: number): TransferStep {
  const { stage, attempt } = transfer
  if (stage === 'replacing' || stage === 'replaced') return onReplaced(transfer, status, atMs)
  if (stage !== 'referring' || status < 180) return stay(transfer)
  if (status < 200) return going(transfer, [journal({ type: 'transfer.ringing', attempt })])
  if (status >= 300) return failed(transfer, failureOfStatus(status), atMs, false)
  const commands: TransferCommand[] = [
    { type: 'timer.clear', timer: 'human' },
    journal({ type: 'transfer.answered', attempt }),
    journal({ type: 'transfer.ended', attempt }),
  ]
  return { transfer, commands, verdict: 'over' }
}

function onReplaced(transfer: Transfer, status: number, atMs: number): TransferStep {
  const { stage, attempt } = transfer
  if (status < 200) return stay(transfer)
  if (status >= 300) return notReplaced(transfer, atMs)
  const commands: TransferCommand[] = [
    { type: 'timer.clear', timer: 'human' },
    journal({ type: 'transfer.joined', attempt }),
    journal({ type: 'transfer.ended', attempt }),
    ...hangup(stage, attempt),
  ]
  return { transfer, commands, verdict: 'over' }
}

/** The human is still with us, and is joined by us; or is gone. */
function notReplaced(transfer: Transfer, atMs: number): TransferStep {
  return transfer.stage === 'replaced' ? failed(transfer, 'left', atMs, false) : join(transfer, atMs)
}

function onTimeout(transfer: Transfer, atMs: number): TransferStep {
  switch (transfer.stage) {
    case 'calling':
      return failed(transfer, 'noAnswer', atMs, true)
    case 'referring':
      return failed(transfer, 'noAnswer', atMs, false)
    case 'briefing':
      return handOver(transfer, atMs)
    case 'replacing':
    case 'replaced':
      return notReplaced(transfer, atMs)
    case 'joining':
      return failed(transfer, 'unreachable', atMs, true)
    case 'joined':
      return stay(transfer)
    default:
      return transfer.stage satisfies never
  }
}

/** The human knows enough: the caller's side puts itself in our place, where it can reach the human's leg, or we join both. */
function handOver(transfer: Transfer, atMs: number): TransferStep {
  const { group, target, attempt, callerTrunk } = transfer
  if (group.mode !== 'attended' || group.targets[target]?.trunk !== callerTrunk) return join(transfer, atMs)
  return going({ ...transfer, stage: 'replacing' }, [
    { type: 'human.refer', attempt },
    { type: 'timer.set', timer: 'human', atMs: atMs + replacingMs },
  ])
}

function join(transfer: Transfer, atMs: number): TransferStep {
  return going({ ...transfer, stage: 'joining' }, [
    { type: 'human.join', attempt: transfer.attempt },
    { type: 'timer.set', timer: 'human', atMs: atMs + joiningMs },
  ])
}

/** `hangsUp`: the leg of this attempt may still be there. */
function failed(transfer: Transfer, failure: TransferFailure, atMs: number, hangsUp: boolean): TransferStep {
  const { stage, attempt, target } = transfer
  const next = tryTarget({ ...transfer, attempt: attempt + 1, target: target + 1 }, atMs)
  const commands: TransferCommand[] = [
    { type: 'timer.clear', timer: 'human' },
    ...(hangsUp ? hangup(stage, attempt) : []),
    journal({ type: 'transfer.failed', attempt, failure }),
    ...next.commands,
  ]
  return { ...next, commands }
}

function over(transfer: Transfer): TransferStep {
  return { transfer, commands: [], verdict: 'over' }
}

function hangup(stage: Transfer['stage'], attempt: number): readonly TransferCommand[] {
  return stage === 'referring' ? [] : [{ type: 'human.hangup', attempt }]
}

function failureOf(event: Extract<HumanLegEvent, { type: 'rejected' | 'failed' }>): TransferFailure {
  const outcome = outcomeOfRefusal(event)
  if (outcome.kind !== 'unanswered') return 'unreachable'
  if (outcome.reason === 'busy' || outcome.reason === 'noAnswer') return outcome.reason
  return outcome.reason === 'declined' ? 'rejected' : 'unreachable'
}

/** Of REFER itself (405, 501, 603, ...) or of the call to the target, which the peer tells in the same way. */
function failureOfStatus(status: number): TransferFailure {
  if (status === 486 || status === 600) return 'busy'
  return status === 408 || status === 480 || status === 487 ? 'noAnswer' : 'refused'
}

const journal = (body: CallEventBody): TransferCommand => ({ type: 'journal', body })
const stay = (transfer: Transfer): TransferStep => going(transfer, [])
const going = (transfer: Transfer, commands: readonly TransferCommand[]): TransferStep => ({
  transfer,
  commands,
  verdict: 'going',
})
