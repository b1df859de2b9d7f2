import type { TurnEvent } from '@parley/conversation/turn'
import type { SpeechSource, ToolSpec } from '@parley/core'
import { generation } from '@parley/core'
import type { SeededRandom } from '../../seeded-random.ts'
import type { PlayoutFault, ReplyFault } from './faults.ts'
import type { Figures } from './figures.ts'
import { PlayoutModel } from './playout-model.ts'
import { ReplyModel } from './reply-model.ts'
import type { VirtualTime } from './virtual-time.ts'

/** An event as its source tells it; whoever takes it adds the instant. */
export type Told = TurnEvent extends infer Event ? (Event extends TurnEvent ? Omit<Event, 'atMs'> : never) : never

export interface MouthWorld {
  readonly time: VirtualTime
  readonly random: SeededRandom
  readonly figures: Figures
  readonly playoutFault: PlayoutFault | null
  replyFault(): ReplyFault
  /** The tool a reply calls when it is complete. */
  toolOf(reply: ReplyModel): ToolSpec | undefined
  tell(event: Told): void
  sounding(untilMs: number): void
}

interface Speaking {
  readonly source: SpeechSource
  readonly answers: string | null
  readonly text: string
  readonly isModelCalled: boolean
}

/** Model, voice and playout: what the driver would do with the reducer's commands, without promises. */
export class MouthModel {
  readonly playout: PlayoutModel
  readonly replies = new Map<number, ReplyModel>()
  private readonly world: MouthWorld

  constructor(world: MouthWorld) {
    this.world = world
    const { tell } = world
    this.playout = new PlayoutModel(world.time, world.playoutFault, {
      playoutStarted: (reply) =>
        tell({ type: 'playout.started', generation: idOf(reply), firstPacketAtMs: world.time.nowMs }),
      playoutProgress: (reply, positionMs) =>
        tell({
          type: 'playout.progress',
          generation: idOf(reply),
          playedSamples: Math.round(positionMs * 8),
          heard: reply.heardText(positionMs),
        }),
      playoutFinished: (reply) =>
        tell({ type: 'playout.finished', generation: idOf(reply), heard: reply.heardText(reply.lengthMs) }),
      sounding: (untilMs) => world.sounding(untilMs),
    })
  }

  /** Work begins; it makes its events at their time unless it is stopped. */
  begin(id: number, { source, answers, text, isModelCalled }: Speaking): ReplyModel {
    const { time, random, figures } = this.world
    const plan = {
      generation: id,
      source,
      answers,
      text,
      requestedAtMs: time.nowMs,
      isModelCalled,
      isCached: source === 'greeting' && !isModelCalled,
    }
    const fault = this.world.replyFault()
    const reply = new ReplyModel(plan, figures, fault, random)
    this.replies.set(id, reply)
    const [first] = reply.chunks
    if (first && fault.kind !== 'fails') {
      this.later(reply, first.textAtMs, () => this.world.tell({ type: 'reply.sentence', generation: idOf(reply) }))
      this.later(reply, first.audioAtMs, () => this.becomeReady(reply))
    }
    this.bookEnd(reply, fault)
    return reply
  }

  release(id: number): void {
    const reply = this.replies.get(id)
    if (!reply || reply.isStopped) return
    reply.isReleased = true
    this.drain(reply)
  }

  hold(id: number): void {
    const reply = this.replies.get(id)
    if (reply && !reply.isAudible) reply.isReleased = false
  }

  /** The work ends. What is in the playout is the reducer's business. */
  stop(id: number): void {
    const reply = this.replies.get(id)
    if (!reply || reply.isStopped) return
    reply.isStopped = true
    reply.stoppedAtMs = this.world.time.nowMs
  }

  private later(reply: ReplyModel, atMs: number, act: () => void): void {
    this.world.time.at(atMs, () => {
      if (!reply.isStopped) act()
    })
  }

  private bookEnd(reply: ReplyModel, fault: ReplyFault): void {
    const { requestedAtMs } = reply.plan
    const last = reply.chunks.at(-1)
    if (fault.kind === 'fails') this.later(reply, requestedAtMs + fault.afterMs, () => this.fail(reply, fault))
    else if (fault.kind === 'breaksOff' && last) {
      this.later(reply, last.audioAtMs + 200, () => {
        this.fail(reply, fault)
        if (fault.stage === 'llm') this.complete(reply)
      })
    } else if (fault.kind !== 'hangs') {
      this.later(reply, Math.max(requestedAtMs + 1, reply.completeAtMs, last?.audioAtMs ?? 0), () =>
        this.complete(reply),
      )
    }
  }

  private fail(reply: ReplyModel, { stage, code }: Extract<ReplyFault, { kind: 'fails' | 'breaksOff' }>): void {
    this.world.tell({ type: 'reply.failed', generation: idOf(reply), stage, code, audible: reply.isAudible })
    if (!reply.isAudible) this.stop(reply.plan.generation)
    else if (stage === 'tts') this.complete(reply)
  }

  private complete(reply: ReplyModel): void {
    reply.isComplete = true
    if (!reply.isStopped) this.drain(reply)
  }

  private becomeReady(reply: ReplyModel): void {
    reply.isReady = true
    this.world.tell({ type: 'reply.ready', generation: idOf(reply) })
    this.drain(reply)
  }

  private drain(reply: ReplyModel): void {
    if (!reply.isReleased || reply.isStopped) return
    if (reply.isReady && !reply.isAudible) {
      reply.isAudible = true
      this.world.tell({ type: 'reply.audible', generation: idOf(reply) })
      if (!reply.isStopped) this.playout.begin(reply)
    }
    if (!reply.isComplete) return
    const tool = this.world.toolOf(reply)
    if (tool) this.world.tell({ type: 'tool.called', generation: idOf(reply), tool })
    if (!reply.isAudible) this.world.tell({ type: 'reply.empty', generation: idOf(reply) })
  }
}

const idOf = (reply: ReplyModel) => generation(reply.plan.generation)
