import { appendFileSync } from 'node:fs'
import type { CallEvent, CallJournal } from '@parley/core'

export type JournalListener = (event: CallEvent) => void

/** Passes every event to the journal and, once it is stored, to whoever watches calls in this process. */
export function tapJournal(journal: CallJournal, listeners: ReadonlySet<JournalListener>): CallJournal {
  return {
    async append(events) {
      await journal.append(events)
      for (const event of events) for (const listen of listeners) listen(event)
    },
  }
}

/** Writes the timings of each turn to a file, one JSON object a line. */
export function traceTurns(path: string): JournalListener {
  return ({ callId, body }) => {
    if (body.type === 'turn.completed') appendFileSync(path, `${JSON.stringify({ callId, ...body.timings })}\n`)
  }
}
