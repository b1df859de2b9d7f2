import type { Act, Moment } from '../scenario/scenario.ts'
import type { LineModel } from './line-model.ts'
import type { PlayoutModel } from './playout-model.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What the caller can see and do besides making sounds. */
export interface CallerWorld {
  readonly time: VirtualTime
  readonly line: LineModel
  readonly playout: PlayoutModel
  /** Changes what the model will say. */
  setReply(text: string): void
  press(key: string): void
  hasEnded(): boolean
}

/** How long a caller waits for the assistant to begin, or to finish, before going on regardless. */
const startPatienceMs = 12_000
const endPatienceMs = 30_000
/** The assistant has finished when it has been silent for this long. */
const restMs = 500
const lookAgainMs = 20

/** Follows a timeline to its end. */
export class CallerModel {
  readonly problems: string[] = []
  /** When the last act was over; null: it is not. */
  doneAtMs: number | null = null
  /** Where the last words of the timeline end; null: they have not begun. */
  lastWordsEndMs: number | null = null
  private readonly world: CallerWorld
  private readonly acts: readonly Act[]
  private next = 0
  /** Assistant sound up to here was waited for. */
  private markMs = 0
  private lastSoundMs = -1

  constructor(world: CallerWorld, acts: readonly Act[]) {
    this.world = world
    this.acts = acts
  }

  start(): void {
    this.proceed()
  }

  /** The assistant is heard from now until `untilMs`, unless it stops. */
  hears(): void {
    this.lastSoundMs = this.world.time.nowMs
  }

  private proceed(): void {
    const act = this.acts[this.next]
    this.next += 1
    if (act) this.run(act)
    else this.doneAtMs = this.world.time.nowMs
  }

  private proceedAt(atMs: number): void {
    this.world.time.at(atMs, () => this.proceed())
  }

  private run(act: Act): void {
    const { time, line } = this.world
    switch (act.kind) {
      case 'assistant':
        this.world.setReply(act.text)
        return this.proceed()
      case 'say': {
        const endMs = line.speak(act.text, { kind: act.kind, label: act.label })
        this.markMs = endMs
        if (!this.acts.slice(this.next).some(({ kind }) => kind === 'say')) this.lastWordsEndMs = endMs
        return this.proceedAt(endMs)
      }
      case 'pause':
        line.note('', { kind: act.kind, label: act.label, detail: String(act.ms) }, time.nowMs + act.ms)
        return this.proceedAt(time.nowMs + act.ms)
      case 'silence':
        return this.proceedAt(time.nowMs + act.ms)
      case 'dtmf':
        for (const key of act.keys) this.world.press(key)
        line.note(act.keys, { kind: act.kind, label: null }, time.nowMs)
        return this.proceed()
      case 'echo':
        line.giveBack(act)
        return this.proceed()
      case 'heard':
        return act.what === 'start' ? this.awaitStart() : this.awaitEnd()
      default:
        return this.atMoment(act.when, startPatienceMs, () => this.soundOver(act))
    }
  }

  private soundOver(act: Extract<Act, { readonly when: Moment | null }>): void {
    const { line, time } = this.world
    const sound = { kind: act.kind, label: act.label }
    switch (act.kind) {
      case 'interrupt': {
        const endMs = line.speak(act.text, sound, act.soft)
        this.markMs = endMs
        return this.proceedAt(endMs)
      }
      case 'backchannel': {
        let atMs = line.backchannel(act.text, sound)
        for (let count = 1; count < act.count; count += 1) {
          const fromMs = atMs + act.gapMs
          time.at(fromMs, () => line.backchannel(act.text, sound))
          atMs = fromMs + atMs - time.nowMs
        }
        return this.proceedAt(atMs)
      }
      case 'noise':
        return this.proceedAt(line.noise(act.noise, act.snrDb, act.ms, sound))
      case 'other_talk':
        return this.proceedAt(line.otherTalk(act.text, act.levelDb, sound))
      default:
        act satisfies never
    }
  }

  private awaitStart(): void {
    const { time, playout } = this.world
    const untilMs = time.nowMs + startPatienceMs
    this.poll(() => {
      if (playout.isSounding && this.lastSoundMs >= this.markMs) return true
      if (time.nowMs >= untilMs) this.problems.push('the assistant was not heard')
      return time.nowMs >= untilMs || this.world.hasEnded()
    })
  }

  private awaitEnd(): void {
    const { time, playout } = this.world
    const untilMs = time.nowMs + endPatienceMs
    let quietMs = 0
    this.poll(() => {
      const isHeard = this.lastSoundMs >= this.markMs
      if (isHeard) quietMs = playout.isSounding ? 0 : quietMs + lookAgainMs
      const isLate = time.nowMs >= (isHeard ? untilMs : untilMs - endPatienceMs + startPatienceMs)
      if (isLate) this.problems.push(isHeard ? 'the assistant did not finish' : 'the assistant was not heard')
      return quietMs >= restMs || isLate || this.world.hasEnded()
    })
  }

  /** Waits for the assistant to speak and to get that far. Without patience left the sound is made anyway. */
  private atMoment(when: Moment | null, patienceMs: number, act: () => void): void {
    if (!when) return act()
    const { time, playout } = this.world
    const untilMs = time.nowMs + patienceMs
    const look = (): void => {
      if (time.nowMs >= untilMs || this.world.hasEnded()) {
        this.problems.push('nothing to talk over')
        return act()
      }
      const dueMs = this.momentMs(when)
      if (dueMs !== null && dueMs <= time.nowMs + 0.5) return act()
      time.at(dueMs === null || !playout.live ? time.nowMs + lookAgainMs : Math.min(dueMs, time.nowMs + 100), look)
    }
    look()
  }

  private momentMs(when: Moment): number | null {
    const { playout } = this.world
    const { live } = playout
    if (!live || this.lastSoundMs < this.markMs) return null
    const positionMs =
      when.by === 'time'
        ? when.afterMs
        : live.wordStartMs(when.by === 'word' ? when.word - 1 : Math.round(when.share * live.wordCount))
    // A sound at the very end begins while there still is something to hear.
    const reachableMs = Math.min(positionMs, live.lengthMs - lookAgainMs)
    if (playout.positionMs() >= reachableMs) return this.world.time.nowMs
    const atMs = playout.whenAtMs(reachableMs)
    return atMs === Number.POSITIVE_INFINITY ? null : atMs
  }

  private poll(isMet: () => boolean): void {
    if (isMet()) return this.proceed()
    this.world.time.at(this.world.time.nowMs + lookAgainMs, () => this.poll(isMet))
  }
}
