import type { WireSpan } from '../talk-record.ts'
import type { PlayoutFault } from './faults.ts'
import type { ReplyModel } from './reply-model.ts'
import type { Booking, VirtualTime } from './virtual-time.ts'

/** What the playout says, and what the line carries. */
export interface PlayoutListener {
  playoutStarted(reply: ReplyModel): void
  playoutProgress(reply: ReplyModel, positionMs: number): void
  playoutFinished(reply: ReplyModel): void
  /** Sound of the assistant is on the wire from now, `untilMs` unless it is stopped. */
  sounding(untilMs: number): void
}

const packetMs = 20
const progressMs = 100

interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly positionMs: number
}

/** Sends the audio of one utterance at a time in packets of 20 ms, as far as it is there. */
export class PlayoutModel {
  readonly spans: WireSpan[] = []
  /** Utterances begun while another one still had the wire. */
  readonly collisions: number[] = []
  live: ReplyModel | undefined
  private readonly time: VirtualTime
  private readonly fault: PlayoutFault | null
  private readonly listener: PlayoutListener
  private stretches: Stretch[] = []
  private bookings: Booking[] = []
  private open: { readonly fromMs: number; readonly isDucked: boolean; readonly toMs: number } | undefined
  private isDucked = false
  isPaused = false
  /** When it was last told to send, from the beginning or from where it had stopped. */
  toldAtMs = 0
  private pausedAtMs = 0
  private hasStarted = false
  private stuckUntilMs = 0

  constructor(time: VirtualTime, fault: PlayoutFault | null, listener: PlayoutListener) {
    this.time = time
    this.fault = fault
    this.listener = listener
  }

  begin(reply: ReplyModel): void {
    if (this.live) {
      this.collisions.push(reply.plan.generation)
      this.stop()
    }
    this.live = reply
    this.isDucked = false
    this.isPaused = false
    this.hasStarted = false
    this.stuckUntilMs = this.time.nowMs + (this.fault?.stuckForMs ?? 0)
    this.play(0)
  }

  flush(generation: number): void {
    const reply = this.live
    if (reply?.plan.generation !== generation) return
    this.stop()
    this.live = undefined
    this.time.at(this.time.nowMs, () => this.listener.playoutProgress(reply, reply.sentMs))
  }

  pause(generation: number): void {
    const reply = this.live
    if (reply?.plan.generation !== generation || this.isPaused) return
    this.isPaused = true
    this.stop()
    this.pausedAtMs = reply.sentMs
    this.time.at(this.time.nowMs, () => this.listener.playoutProgress(reply, reply.sentMs))
  }

  /** Goes on at the beginning of the word in which it stopped, as far as the engine can tell. */
  resume(generation: number): void {
    const reply = this.live
    if (reply?.plan.generation !== generation || !this.isPaused) return
    this.isPaused = false
    this.isDucked = false
    const word = reply.wordsHeardBy(this.pausedAtMs)
    const fromMs = Math.max(this.pausedAtMs - 2000, Math.min(this.pausedAtMs, reply.wordStartMs(word)))
    reply.repeatedWords += reply.wordsSentBy(this.pausedAtMs) - reply.wordsSentBy(fromMs)
    this.play(fromMs)
  }

  duck(gainDb: number): void {
    const isDucked = gainDb <= -12
    if (isDucked === this.isDucked) return
    this.isDucked = isDucked
    const { open } = this
    if (!open) return
    const packetEndMs = this.packetEndMs(open.fromMs)
    const changedAtMs = Math.min(open.toMs, Math.max(open.fromMs, packetEndMs))
    this.close(changedAtMs)
    if (changedAtMs < open.toMs) this.open = { fromMs: changedAtMs, toMs: open.toMs, isDucked }
  }

  /** Sound leaves right now. */
  get isSounding(): boolean {
    return this.open !== undefined
  }

  /** How much of the live utterance has been sent by now, ms. */
  positionMs(): number {
    const { nowMs } = this.time
    const last = this.stretches.findLast(({ fromMs }) => fromMs <= nowMs)
    if (!last) return this.live?.sentMs ?? 0
    return last.positionMs + Math.min(nowMs, last.toMs) - last.fromMs
  }

  /** When the live utterance will have reached a position; Infinity: not foreseeable. */
  whenAtMs(positionMs: number): number {
    for (const stretch of this.stretches) {
      const length = stretch.toMs - stretch.fromMs
      if (positionMs >= stretch.positionMs && positionMs <= stretch.positionMs + length)
        return stretch.fromMs + positionMs - stretch.positionMs
    }
    return Number.POSITIVE_INFINITY
  }

  /** From now on at `positionMs`: whatever will be there in time follows without a gap. */
  private play(positionMs: number): void {
    const reply = this.live as ReplyModel
    this.toldAtMs = this.time.nowMs
    this.stretches = []
    let atMs = Math.max(this.time.nowMs, this.stuckUntilMs)
    for (const chunk of reply.chunks) {
      if (chunk.toMs <= positionMs) continue
      const fromMs = Math.max(atMs, chunk.audioAtMs)
      if (fromMs === Number.POSITIVE_INFINITY) break
      const start = Math.max(positionMs, chunk.fromMs)
      const toMs = fromMs + chunk.toMs - start
      const last = this.stretches.at(-1)
      if (last && last.toMs === fromMs) this.stretches[this.stretches.length - 1] = { ...last, toMs }
      else this.stretches.push({ fromMs, toMs, positionMs: start })
      atMs = toMs
    }
    for (const stretch of this.stretches)
      this.bookings.push(this.time.at(stretch.fromMs, () => this.start(reply, stretch)))
    const isWhole = reply.chunks.every(({ audioAtMs }) => audioAtMs !== Number.POSITIVE_INFINITY)
    if (isWhole) this.bookings.push(this.time.at(atMs, () => this.finish(reply)))
  }

  private start(reply: ReplyModel, stretch: Stretch): void {
    this.open = { fromMs: stretch.fromMs, toMs: stretch.toMs, isDucked: this.isDucked }
    this.bookings.push(this.time.at(stretch.toMs, () => this.close(stretch.toMs)))
    this.listener.sounding(stretch.toMs)
    if (!this.hasStarted) {
      this.hasStarted = true
      this.listener.playoutStarted(reply)
    }
    this.bookProgress(reply, stretch, stretch.fromMs + progressMs)
  }

  private bookProgress(reply: ReplyModel, stretch: Stretch, atMs: number): void {
    if (atMs >= stretch.toMs) return
    this.bookings.push(
      this.time.at(atMs, () => {
        if (this.live !== reply) return
        reply.sentMs = stretch.positionMs + atMs - stretch.fromMs
        this.bookProgress(reply, stretch, atMs + progressMs)
        this.listener.playoutProgress(reply, reply.sentMs)
      }),
    )
  }

  private finish(reply: ReplyModel): void {
    if (this.live !== reply) return
    if (this.open) this.close(this.time.nowMs)
    this.live = undefined
    this.bookings = []
    this.stretches = []
    reply.sentMs = reply.lengthMs
    reply.isPlayed = true
    this.listener.playoutFinished(reply)
  }

  /** The packet under way is the last one. */
  private stop(): void {
    const reply = this.live
    if (this.open && reply) {
      const endMs = Math.min(this.open.toMs, this.packetEndMs(this.open.fromMs))
      reply.sentMs = this.positionMs() + endMs - this.time.nowMs
      this.close(endMs)
    }
    for (const booking of this.bookings) this.time.cancel(booking)
    this.bookings = []
    this.stretches = []
  }

  private close(toMs: number): void {
    const { open, live } = this
    this.open = undefined
    if (!open || !live || toMs <= open.fromMs) return
    this.spans.push({ utterance: live.plan.generation, fromMs: open.fromMs, toMs, isDucked: open.isDucked })
  }

  private packetEndMs(fromMs: number): number {
    return fromMs + Math.ceil((this.time.nowMs - fromMs) / packetMs - 1e-9) * packetMs
  }
}
