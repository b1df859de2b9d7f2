import {
  initialTurnState,
  step,
  type TurnCommand,
  type TurnEvent,
  type TurnRules,
  type TurnState,
} from '@parley/conversation/turn'
import { generation, type ToolSpec } from '@parley/core'
import { SeededRandom } from '../../seeded-random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { TalkRecord, UtteranceRecord } from '../talk-record.ts'
import { CallerModel } from './caller-model.ts'
import { DetectorModel } from './detector-model.ts'
import { noRecognizerFault, noReplyFault, type PlayoutFault, type RecognizerFault, type ReplyFault } from './faults.ts'
import type { Figures } from './figures.ts'
import { LineModel } from './line-model.ts'
import { MouthModel, type Told } from './mouth-model.ts'
import { RecognizerModel } from './recognizer-model.ts'
import type { ReplyModel } from './reply-model.ts'
import { TimerModel } from './timer-model.ts'
import { VirtualTime } from './virtual-time.ts'

export interface VirtualCallOptions {
  readonly scenario: Scenario
  readonly rules: TurnRules
  readonly figures: Figures
  readonly seed: number
  readonly faults?: {
    readonly recognizer: RecognizerFault
    readonly playout: PlayoutFault | null
    readonly reply: (random: SeededRandom) => ReplyFault
    readonly tool: (reply: ReplyModel) => ToolSpec | undefined
  }
  /** Told of every step, after its commands are obeyed. */
  onStep?: (step: {
    readonly before: TurnState
    readonly event: TurnEvent
    readonly commands: readonly TurnCommand[]
  }) => void
}

/** After the last act the talk goes on for this long, or until the assistant has answered and fallen silent. */
const lingerMs = 8_000
const settledMs = 700
const lookMs = 250
const limitMs = 120_000
/** What came within it does not count as waiting. */
const freshMs = 100
const defaultReply = 'Sure, I can help you with that. I have made a note of it.'

/** A whole talk without waiting: the real reducer between a modelled ear and modelled providers. */
export class VirtualCall {
  readonly time = new VirtualTime()
  readonly mouth: MouthModel
  readonly line: LineModel
  readonly caller: CallerModel
  readonly timers: TimerModel
  readonly recognizer: RecognizerModel
  readonly endpointsMs: number[] = []
  state: TurnState
  steps = 0
  /** Times that the reducer wanted the call ended. */
  ends = 0
  private readonly options: VirtualCallOptions
  private readonly rules: TurnRules
  private readonly waiting: TurnEvent[] = []
  private isBusy = false
  private replyText = defaultReply

  constructor(options: VirtualCallOptions) {
    const { scenario, figures, seed, faults } = options
    const { time } = this
    const random = new SeededRandom(seed)
    this.options = options
    const { greeting, greetingDelayMs, greetingInterruptible } = scenario
    this.rules = {
      turn: options.rules.turn,
      greeting: greeting === '' ? { kind: 'none' } : { kind: 'text', text: greeting },
      greetingDelayMs,
      greetingInterruptible,
      recognition: { languages: [scenario.language], hints: [] },
    }
    this.state = initialTurnState()
    this.timers = new TimerModel(time, (timer) => this.tell({ type: 'timer.fired', timer }))
    this.recognizer = new RecognizerModel(
      time,
      random,
      figures.recognizer,
      faults?.recognizer ?? noRecognizerFault,
      (heard) => this.tell({ type: 'transcript', ...heard }),
    )
    let onsetMs = 0
    const detector = new DetectorModel(time, random, figures.detector, {
      speechStarted: (onsetAtMs) => {
        onsetMs = onsetAtMs
        this.tell({ type: 'speech.started', onsetAtMs, mediaMs: onsetAtMs })
      },
      speechSuspected: () => this.tell({ type: 'speech.suspected' }),
      speechStopped: (lastVoiceAtMs) => {
        this.recognizer.finalise(onsetMs)
        this.tell({ type: 'speech.stopped', lastVoiceAtMs, mediaMs: lastVoiceAtMs })
      },
    })
    this.line = new LineModel(time, random, figures, { detector, recognizer: this.recognizer }, scenario.language)
    this.mouth = new MouthModel({
      time,
      random,
      figures,
      playoutFault: faults?.playout ?? null,
      replyFault: () => faults?.reply(random) ?? noReplyFault,
      toolOf: (reply) => faults?.tool(reply),
      tell: (event) => this.tell(event),
      sounding: (untilMs) => this.assistantSounds(untilMs),
    })
    this.caller = new CallerModel(
      {
        time,
        line: this.line,
        playout: this.mouth.playout,
        setReply: (text) => {
          this.replyText = text
        },
        press: (key) => this.tell({ type: 'dtmf', key }),
        hasEnded: () => this.state.life === 'over',
      },
      scenario.acts,
    )
  }

  /** Runs the talk to its end. `isOver`: stops it early. */
  run(isOver: () => boolean = () => false): TalkRecord {
    const { time } = this
    const lookForEnd = (): void => void time.at(time.nowMs + lookMs, lookForEnd)
    lookForEnd()
    this.tell({ type: 'answered' })
    this.caller.start()
    time.run(limitMs, () => isOver() || this.state.life === 'over' || this.hasSettled())
    const endedMs = time.nowMs
    if (this.state.life !== 'over') this.tell({ type: 'closed' })
    return this.record(endedMs)
  }

  /** Packets were made to stay away. */
  get hasStuckPlayout(): boolean {
    return this.options.faults?.playout != null
  }

  tell(event: Told): void {
    this.waiting.push({ ...event, atMs: this.time.nowMs } as TurnEvent)
    if (this.isBusy) return
    this.isBusy = true
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) this.handle(next)
    this.isBusy = false
  }

  private handle(event: TurnEvent): void {
    const before = this.state
    const [state, commands] = step(before, event, this.rules)
    this.steps += 1
    this.state = state
    for (const command of commands) this.obey(command)
    this.options.onStep?.({ before, event, commands })
  }

  private obey(command: TurnCommand): void {
    const { mouth, timers } = this
    switch (command.type) {
      case 'reply.speculate': {
        const { prompt } = command
        const source = prompt.kind === 'greeting' ? 'greeting' : 'reply'
        const answers = prompt.kind === 'user' ? prompt.text : null
        mouth.begin(command.generation, { source, answers, text: this.replyText, isModelCalled: true })
        return
      }
      case 'reply.commit':
        if (mouth.replies.get(command.generation)?.plan.answers != null) this.endpointsMs.push(this.time.nowMs)
        return mouth.release(command.generation)
      case 'reply.hold':
        return mouth.hold(command.generation)
      case 'reply.discard':
        if (mouth.replies.get(command.generation)?.isAudible) mouth.playout.flush(command.generation)
        mouth.stop(command.generation)
        return this.tellWaste(command.generation)
      case 'reply.cancel':
        return mouth.stop(command.generation)
      case 'say':
        mouth.begin(command.generation, {
          source: command.source,
          answers: null,
          text: command.text,
          isModelCalled: false,
        })
        return mouth.release(command.generation)
      case 'playout.flush':
        return mouth.playout.flush(command.generation)
      case 'playout.duck':
        return mouth.playout.duck(command.gainDb)
      case 'timer.set':
        return timers.set(command.timer, command.atMs)
      case 'timer.clear':
        return timers.clear(command.timer)
      case 'call.end':
        this.ends += 1
        return
      default:
        return this.obeyLater(command)
    }
  }

  /** Commands that a reducer may or may not have. What is unknown changes nothing. */
  private obeyLater(command: { readonly type: string; readonly generation?: number }): void {
    const { playout } = this.mouth
    const { type, generation: id = 0 } = command
    if (type === 'playout.pause') playout.pause(id)
    if (type === 'playout.resume') playout.resume(id)
    if (type === 'playout.check') this.tellPlayout(id)
    if (type === 'recognizer.restart') this.recognizer.restart()
  }

  private tellWaste(id: number): void {
    const tokens = this.mouth.replies.get(id)?.tokensBy(this.time.nowMs) ?? 0
    if (tokens > 0) this.tell({ type: 'reply.wasted', tokens })
  }

  private tellPlayout(id: number): void {
    const reply = this.mouth.replies.get(id)
    if (!reply) return
    // What was not handed over yet is not waiting in the playout.
    const there = !reply.isAudible
      ? 0
      : (reply.chunks.findLast(({ audioAtMs }) => audioAtMs < this.time.nowMs - freshMs)?.toMs ?? 0)
    const unplayedSamples = Math.round(Math.max(0, there - this.mouth.playout.positionMs()) * 8)
    this.time.at(this.time.nowMs, () =>
      this.tell({ type: 'playout.checked', generation: generation(id), unplayedSamples }),
    )
  }

  private assistantSounds(untilMs: number): void {
    this.caller.hears()
    const { playout } = this.mouth
    this.line.assistantSounds(untilMs, () => playout.live?.heardText(playout.positionMs()) ?? '')
  }

  private hasSettled(): boolean {
    const { doneAtMs } = this.caller
    if (doneAtMs === null) return false
    const { nowMs } = this.time
    if (nowMs >= doneAtMs + lingerMs && !this.mouth.playout.live) return true
    const { user, work, speech } = this.state
    const isCalm = user.openedAtMs === null && !user.voiced && !work && !speech && this.timers.count <= 2
    return isCalm && nowMs >= doneAtMs + settledMs && this.quietSinceMs() >= settledMs
  }

  private quietSinceMs(): number {
    const last = this.mouth.playout.spans.at(-1)
    return this.mouth.playout.isSounding ? 0 : this.time.nowMs - (last?.toMs ?? 0)
  }

  private record(endedMs: number): TalkRecord {
    return {
      scenario: this.options.scenario,
      acts: this.line.acts,
      wire: this.mouth.playout.spans,
      utterances: [...this.mouth.replies.values()].map((reply) => this.utterance(reply)),
      endpointsMs: this.endpointsMs,
      endedMs,
      problems: this.caller.problems,
    }
  }

  private utterance(reply: ReplyModel): UtteranceRecord {
    const { plan } = reply
    return {
      utterance: plan.generation,
      source: plan.source,
      answers: plan.answers,
      isModelCalled: plan.isModelCalled,
      askedAtMs: plan.requestedAtMs,
      tokens: reply.tokensBy(this.time.nowMs),
      sentWords: reply.isAudible ? reply.wordsSentBy(reply.sentMs) : null,
      repeatedWords: reply.repeatedWords,
      totalWords: reply.wordCount,
      rememberedWords: reply.isAudible ? (reply.isPlayed ? reply.wordCount : reply.wordsHeardBy(reply.sentMs)) : null,
    }
  }
}
