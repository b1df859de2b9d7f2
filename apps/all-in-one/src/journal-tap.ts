import { appendFileSync } from 'node:fs'
import type { CallEvent, CallJournal } from '@parley/core'

export type JournalListener = (event: CallEvent) => void

/** Passes every event to the journal, and a copy to whoever watches calls in this process. */
export function tapJournal(journal: CallJournal, listeners: ReadonlySet<JournalListener>): CallJournal {
  return {
    async append(events) {
      for (const event of events) for (const listen of listeners) listen(event)
      await journal.append(events)
    },
  }
}

/** Writes the timings of each turn to a file, one JSON object a line. */
export function traceTurns(path: string): JournalListener {
  return ({ callId, body }) => {
    if (body.type === 'turn.completed') appendFileSync(path, `${JSON.stringify({ callId, ...body.timings })}\n`)
  }
}
