import type { LiveFeed, LiveListener } from '@parley/api'
import type { CallSpec } from '@parley/core'
import type { JournalListener } from './journal-tap.ts'

/** The feed with its inlets, for the journal's tap and for the recognisers. Nothing is kept: who does not listen costs nothing. */
export interface FedFeed extends LiveFeed {
  readonly onEvent: JournalListener
  readonly onWords: (call: Pick<CallSpec, 'callId' | 'applicationId'>, text: string) => void
}

export function createLiveFeed(): FedFeed {
  const listeners = new Set<LiveListener>()
  return {
    listen(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    onEvent({ callId }) {
      for (const listener of listeners) listener.stored(callId)
    },
    onWords({ callId, applicationId }, text) {
      for (const listener of listeners) listener.words(applicationId, callId, text)
    },
  }
}
