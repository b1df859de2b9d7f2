import type { Clock, MediaEvent } from '@parley/core'
import type { Announcer } from '../announcer.ts'
import type { MachineEvidence } from './machine-detector.ts'

export interface LeaveMessageOptions {
  readonly announcer: Announcer
  readonly clock: Clock
  readonly message: string
  /** It was said, or there will be no chance to. */
  onDone(): void
}

/** A greeting is over after this much silence; machines without a beep record from there. Taste. */
const silenceMs = 2_500
/** Longer greetings are none that end. */
const patienceMs = 45_000

/** Waits for the beep, or for the end of the greeting, says the message to the machine, and is done. */
export class LeaveMessage {
  private readonly options: LeaveMessageOptions
  private readonly abort = new AbortController()
  private quiet: Disposable | undefined
  private readonly patience: Disposable
  private isSaying = false

  constructor(options: LeaveMessageOptions, evidence: MachineEvidence) {
    this.options = options
    const { clock, onDone } = options
    this.patience = clock.setTimer(clock.nowMs() + patienceMs, onDone)
    if (evidence === 'beep') void this.say()
    else this.waitForSilence()
  }

  media(event: MediaEvent): void {
    if (event.type === 'playout.finished') this.options.announcer.finished(event.generation)
    else if (event.type === 'tone' && event.tone === 'beep') void this.say()
    else if (event.type === 'speech.started') this.quiet?.[Symbol.dispose]()
    else if (event.type === 'speech.stopped') this.waitForSilence()
  }

  stop(): void {
    this.abort.abort()
    this.quiet?.[Symbol.dispose]()
    this.patience[Symbol.dispose]()
  }

  private waitForSilence(): void {
    const { clock } = this.options
    this.quiet?.[Symbol.dispose]()
    this.quiet = clock.setTimer(clock.nowMs() + silenceMs, () => void this.say())
  }

  private async say(): Promise<void> {
    if (this.isSaying || this.abort.signal.aborted) return
    this.isSaying = true
    this.quiet?.[Symbol.dispose]()
    this.patience[Symbol.dispose]()
    const { announcer, message, onDone } = this.options
    await announcer.say(message, this.abort.signal)
    if (!this.abort.signal.aborted) onDone()
  }
}
