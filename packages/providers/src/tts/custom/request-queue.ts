import { Channel } from '@parley/core'
import type { SpeechAnswer } from './speech-request.ts'

/** The item being heard and the one after it. More would be thrown away by the next interruption. */
const requestsInFlight = 2

interface StartedItem {
  readonly item: number
  readonly answer: Promise<SpeechAnswer>
}

/** Starts requests in the order of the text, at most two at a time. */
export class RequestQueue {
  readonly started = new Channel<StartedItem>(requestsInFlight, 'fail')
  private readonly start: (text: string, signal: AbortSignal) => Promise<SpeechAnswer>
  private readonly controller = new AbortController()
  private readonly onAbort: () => void
  private readonly signal: AbortSignal
  private inFlight = 0
  private wake: (() => void) | undefined

  constructor(start: (text: string, signal: AbortSignal) => Promise<SpeechAnswer>, signal: AbortSignal) {
    this.start = start
    this.signal = signal
    this.onAbort = () => {
      this.controller.abort(signal.reason)
      this.started.close(signal.reason)
    }
    signal.addEventListener('abort', this.onAbort, { once: true })
  }

  /** Runs until the text ends; failures come out of `started`. */
  feed(text: AsyncIterable<string>): void {
    this.run(text).then(
      () => this.started.close(),
      (error) => this.started.close(error),
    )
  }

  finished(): void {
    this.inFlight -= 1
    this.wake?.()
  }

  cancel(): void {
    this.signal.removeEventListener('abort', this.onAbort)
    this.controller.abort()
    this.started.close()
    this.wake?.()
  }

  private async run(text: AsyncIterable<string>): Promise<void> {
    let item = -1
    for await (const piece of text) {
      item += 1
      if (piece.trim() === '') continue
      while (this.inFlight >= requestsInFlight && !this.controller.signal.aborted) {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
      if (this.controller.signal.aborted) return
      this.inFlight += 1
      const answer = this.start(piece, this.controller.signal)
      // Reported when its turn comes; until then nobody awaits it.
      answer.catch(() => {})
      this.started.push({ item, answer })
    }
  }
}
