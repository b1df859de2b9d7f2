import type { WorkerPort } from './messages.ts'

/** Two ends of a line within one thread. Messages arrive in order, in a later microtask, uncopied. */
export class LocalPort implements WorkerPort {
  private other: LocalPort | undefined
  private listener: ((message: unknown) => void) | undefined
  private closed = false

  static pair(): readonly [LocalPort, LocalPort] {
    const one = new LocalPort()
    const two = new LocalPort()
    one.other = two
    two.other = one
    return [one, two]
  }

  on(_event: 'message', listener: (message: unknown) => void): void {
    this.listener = listener
  }

  postMessage(message: unknown): void {
    queueMicrotask(() => {
      if (!this.closed) this.other?.listener?.(message)
    })
  }

  close(): void {
    queueMicrotask(() => {
      this.closed = true
    })
  }
}
