import { type CallId, callId } from '@parley/core'
import { placeOfText, textCursor, wrongCursor } from './page.ts'

/** The last call of a page; the next page begins after it. */
export interface PagePlace {
  readonly createdAtMs: number
  readonly callId: CallId
}

/** Opaque to clients, safe in a query. */
export const cursorOf = ({ createdAtMs, callId: id }: PagePlace): string => textCursor(`${createdAtMs}.${id}`)

/** @throws Problem 400: it is none of ours */
export function placeOf(cursor: string): PagePlace {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(placeOfText(cursor)) ?? []
  if (at === undefined || id === undefined) throw wrongCursor()
  return { createdAtMs: Number(at), callId: callId(id) }
}
