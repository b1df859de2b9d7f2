import {
  hasText,
  normalise,
  type TurnCommand,
  type TurnEvent,
  type TurnState,
  userText,
} from '@parley/conversation/turn'
import type { VirtualCall } from '../virtual/virtual-call.ts'

/** No packet of a cancelled utterance leaves later than this after the cancel. */
const lastPacketMs = 40
/** Audio of an utterance that has the floor leaves within this, unless the voice itself is late. */
const packetsWithinMs = 200
/** A wire that stays dead for this long must have been repaired: when audio is there, and when the voice itself is late. */
const repairedWithinMs = 1_300
const starvedWithinMs = 9_000
const lateVoiceMs = 500
/** The caller's words are answered, bridged or apologised for within this: the reducer's watchdog and a prompt. */
const reactsWithinMs = 12_500

/** A turn of the caller is answered, forgotten or waited with for a reason within this after his voice. */
const closedWithinMs = 4_000

interface Step {
  readonly before: TurnState
  readonly event: TurnEvent
  readonly commands: readonly TurnCommand[]
}

/** Watches one talk from the side. Throws with a sentence as soon as an invariant breaks. */
export class TalkWatch {
  private readonly call: () => VirtualCall
  private readonly cancelledAtMs = new Map<number, number>()
  private readonly committed = new Set<number>()
  private userWords = 0
  private fillers = 0
  private isOver = false
  private owedSinceMs: number | null = null
  private openSinceMs: number | null = null
  /** The speech that was last set going again; a wire that stays dead after that is given up later. */
  private repairedSpeech: number | undefined

  constructor(call: () => VirtualCall) {
    this.call = call
  }

  see({ before, event, commands }: Step): void {
    for (const command of commands) this.seeCommand(command, before, event)
    this.seeDebt(before, event)
    this.seeAnswer(before, event)
    this.seeOpenTurn(event)
    if (before.life === 'over' && commands.length > 0) throw new Error('a command after the end')
    const { state, timers, mouth, ends } = this.call()
    if (state.life !== 'over') return
    this.isOver = true
    if (timers.count > 0) throw new Error(`${timers.count} timers left after the end`)
    if (ends > 1) throw new Error(`the call ended ${ends} times`)
    for (const [id, reply] of mouth.replies)
      if (!reply.isStopped && !reply.isComplete && reply.plan.isModelCalled) throw new Error(`reply ${id} left open`)
  }

  /** What can only be said of the whole talk. */
  finish(): void {
    if (!this.isOver) throw new Error('the talk did not end')
    const { playout, replies } = this.call().mouth
    const { spans, collisions } = playout
    const { heardWords, fault } = this.call().recognizer
    // What comes after the answer, in other words or once more, may be taken for something new.
    const isBelated = fault.kind === 'late' || fault.kind === 'unordered'
    if (this.userWords > heardWords && !isBelated)
      throw new Error(`${this.userWords} words of the caller are remembered, ${heardWords} were recognised`)
    if (collisions.length > 0) throw new Error(`utterance ${collisions[0]} began while another had the wire`)
    let last = -1
    let untilMs = 0
    const seen = new Set<number>()
    for (const { utterance, fromMs, toMs } of spans) {
      const cancelledAtMs = this.cancelledAtMs.get(utterance) ?? Number.POSITIVE_INFINITY
      if (toMs > cancelledAtMs + lastPacketMs)
        throw new Error(
          `utterance ${utterance} was on the wire ${Math.round(toMs - cancelledAtMs)} ms after its cancel`,
        )
      if (utterance !== last && seen.has(utterance)) throw new Error(`utterance ${utterance} came back`)
      if (utterance !== last && fromMs < untilMs - lastPacketMs) throw new Error('two utterances at once on the wire')
      if (!this.committed.has(utterance)) throw new Error(`utterance ${utterance} was heard and never let go`)
      seen.add(utterance)
      last = utterance
      untilMs = toMs
    }
    for (const [id, reply] of replies)
      if (reply.isAudible && !this.committed.has(id)) throw new Error(`reply ${id} is audible without a commit`)
  }

  private seeCommand(command: TurnCommand, before: TurnState, event: TurnEvent): void {
    switch (command.type) {
      case 'reply.commit':
        if (this.cancelledAtMs.has(command.generation)) throw new Error('a dead reply is committed')
        this.committed.add(command.generation)
        return
      case 'reply.discard':
        this.cancelledAtMs.set(command.generation, event.atMs)
        if (before.speech?.generation === command.generation) throw new Error('the speech itself is discarded')
        return
      case 'reply.cancel':
      case 'playout.flush':
        this.cancelledAtMs.set(command.generation, event.atMs)
        this.seeFlush(command.generation, before, event)
        return
      case 'say':
        this.committed.add(command.generation)
        if (command.source === 'filler') this.fillers += 1
        if (this.fillers > 1) throw new Error('two fillers in one turn')
        return
      case 'talk.repaired':
        if (command.fault === 'speakingWithoutPackets' && !this.call().hasStuckPlayout)
          throw new Error('the playout was set going again although nothing had stopped it')
        this.repairedSpeech = before.speech?.generation
        return
      case 'history.user':
        this.userWords += command.text.split(/\s+/).length
        this.fillers = 0
        return
      default:
        return
    }
  }

  /** What is heard answers what was said, as far as it was known then. A committed reply is replaced once a turn. */
  private seeAnswer({ work, user }: TurnState, event: TurnEvent): void {
    if (event.type !== 'reply.audible' || work?.generation !== event.generation || work.prompt.kind !== 'user') return
    if (!user.regenerated && normalise(work.prompt.text) !== normalise(userText(user)))
      throw new Error(`"${work.prompt.text}" is answered, "${userText(user)}" was said`)
    if (user.voiced) throw new Error('a reply begins over the caller')
  }

  /** Nobody waits for anything, and yet the turn stays open. */
  private seeOpenTurn(event: TurnEvent): void {
    const { user, work, speech, life, greetingDueAtMs } = this.call().state
    const isIdle = life === 'live' && user.openedAtMs !== null && !user.voiced && !work && !speech
    if (!isIdle || greetingDueAtMs !== null) this.openSinceMs = null
    else this.openSinceMs ??= event.atMs
    if (this.openSinceMs !== null && event.atMs > this.openSinceMs + closedWithinMs)
      throw new Error(`a turn ${hasText(userText(user)) ? 'with' : 'without'} words stays open`)
  }

  private seeFlush(id: number, before: TurnState, event: TurnEvent): void {
    const { speech } = before
    if (!speech || speech.generation !== id || speech.interruptible) return
    const isEnd = event.type === 'closed' || event.type === 'recognizer.failed'
    const isRepair = event.type === 'timer.fired' && event.atMs >= speech.startedAtMs + packetsWithinMs
    if (!isEnd && !isRepair) throw new Error('a protected utterance is cut')
  }

  /** Words wait for an answer from the moment the caller is silent. */
  private seeDebt(before: TurnState, event: TurnEvent): void {
    const { state } = this.call()
    const owes = state.life === 'live' && !state.user.voiced && !state.speech && state.work?.grantedAtMs != null
    if (!owes) this.owedSinceMs = null
    else this.owedSinceMs ??= event.atMs
    if (this.owedSinceMs !== null && event.atMs > this.owedSinceMs + reactsWithinMs)
      throw new Error(`no reaction within ${reactsWithinMs} ms`)
    this.seeSilence(before, event)
  }

  /** Who has the floor sounds, or is repaired. */
  private seeSilence({ speech }: TurnState, event: TurnEvent): void {
    if (!speech) return
    const { playout, replies } = this.call().mouth
    const reply = replies.get(speech.generation)
    if (
      !reply?.isAudible ||
      playout.isSounding ||
      playout.isPaused ||
      this.call().state.speech?.generation !== speech.generation
    )
      return
    const { spans } = playout
    const last = spans.at(-1)
    const soundedMs = last?.utterance === speech.generation ? last.toMs : speech.startedAtMs
    const lastMs = Math.max(soundedMs, playout.toldAtMs)
    const there = reply.chunks.findLast(({ audioAtMs }) => audioAtMs <= lastMs)?.toMs ?? 0
    // A voice that was late itself has had its look at the wire before there was anything to send.
    const wasLate = (reply.chunks[0]?.audioAtMs ?? 0) > speech.startedAtMs + lateVoiceMs
    const isOverdue = there > playout.positionMs() + 1 && !wasLate && this.repairedSpeech !== speech.generation
    const limitMs = isOverdue ? repairedWithinMs : starvedWithinMs
    if (event.atMs > lastMs + limitMs)
      throw new Error(`the floor is held without a packet for ${Math.round(event.atMs - lastMs)} ms`)
  }
}
