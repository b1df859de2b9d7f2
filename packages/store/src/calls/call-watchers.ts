import { WakeUp } from '../database/wake-up.ts'

/** One watcher of one call. Disposing it ends the watch. */
export interface CallWatch extends Disposable {
  readonly wakeUp: WakeUp
}

/** Brings news of calls to those who wait for them. */
export class CallWatchers {
  private readonly byCall = new Map<string, Set<WakeUp>>()

  watch(callId: string): CallWatch {
    const key = callId.toLowerCase()
    const wakeUp = new WakeUp()
    const watchers = this.byCall.get(key) ?? new Set()
    this.byCall.set(key, watchers.add(wakeUp))
    return {
      wakeUp,
      [Symbol.dispose]: () => {
        watchers.delete(wakeUp)
        if (watchers.size === 0) this.byCall.delete(key)
      },
    }
  }

  /** Undefined: something may have happened to any of them. */
  wake(callId: string | undefined): void {
    const sets = callId === undefined ? [...this.byCall.values()] : [this.byCall.get(callId.toLowerCase()) ?? []]
    for (const watchers of sets) for (const wakeUp of watchers) wakeUp.wake()
  }
}
