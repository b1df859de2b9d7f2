import type { Clock, MediaEvent } from '@parley/core'
import {
  cadenceMs,
  type MachineEvidence,
  type MachineWatch,
  type MachineWatchEvent,
  newMachineWatch,
  watchForMachine,
} from './machine-detector.ts'

/** Feeds the detector from an answered call; tells once what it found. Stopping is the owner's. */
export class MachineWatcher {
  private watch: MachineWatch
  private readonly clock: Clock
  private readonly onMachine: (evidence: MachineEvidence) => void
  private timer: Disposable | undefined
  private isOver = false

  constructor(clock: Clock, onMachine: (evidence: MachineEvidence) => void) {
    this.clock = clock
    this.onMachine = onMachine
    this.watch = newMachineWatch(clock.nowMs())
  }

  media(event: MediaEvent): void {
    if (event.type === 'speech.started' || event.type === 'speech.stopped' || event.type === 'tone') this.take(event)
    if (event.type === 'speech.started') this.lookAgain()
  }

  /** What the one who answered says, as far as it is recognised. */
  words(text: string): void {
    this.take({ type: 'words', text, atMs: this.clock.nowMs() })
  }

  stop(): void {
    this.isOver = true
    this.timer?.[Symbol.dispose]()
  }

  /** When a greeting that goes on without a pause would be too long for a person. */
  private lookAgain(): void {
    const { greetingFromMs, greetingIsOver } = this.watch
    if (greetingFromMs === undefined || greetingIsOver || this.timer || this.isOver) return
    this.timer = this.clock.setTimer(greetingFromMs + cadenceMs, () =>
      this.take({ type: 'tick', atMs: this.clock.nowMs() }),
    )
  }

  private take(event: MachineWatchEvent): void {
    if (this.isOver) return
    const [watch, evidence] = watchForMachine(this.watch, event)
    this.watch = watch
    if (!evidence) return
    this.stop()
    this.onMachine(evidence)
  }
}
