import { type CallEvent, type CallId, callId } from '@parley/core'
import { type PublicEvent, publicEvents } from './public-event.ts'

/** Where a reader stopped. */
export interface EventPlace {
  readonly callId: CallId
  readonly seq: number
}

/** An event as frames of a stream; the id stands in the last one. @see https://html.spec.whatwg.org/#server-sent-events */
export function framesOf(event: CallEvent): string {
  const { callId: id, seq, wallMs } = event
  const shown = publicEvents(event)
  return shown
    .map(
      (one, index) =>
        `${index === shown.length - 1 ? `id: ${id}:${seq}\n` : ''}${frame(one, { callId: id, seq, wallMs })}`,
    )
    .join('')
}

/** What the caller is saying just now. Without an id: it cannot be asked for again. */
export const partialFrame = (id: CallId, wallMs: number, text: string): string =>
  frame({ type: 'transcript.partial', data: { role: 'user', text } }, { callId: id, wallMs })

/** Undefined: it is no id of ours. */
export function placeOfEventId(eventId: string): EventPlace | undefined {
  const [, id, seq] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{1,9})$/.exec(eventId) ?? []
  return id === undefined || seq === undefined ? undefined : { callId: callId(id), seq: Number(seq) }
}

function frame(
  { type, data }: PublicEvent,
  of: { readonly callId: CallId; readonly seq?: number; readonly wallMs: number },
): string {
  const { wallMs, ...ids } = of
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...ids, time: new Date(wallMs).toISOString(), ...data })}\n\n`
}
