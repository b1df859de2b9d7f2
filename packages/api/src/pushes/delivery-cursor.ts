import type { Delivery, DeliveryPlace } from '@parley/core'
import { placeOfText, textCursor, wrongCursor } from '../management/page.ts'

export const deliveryCursor = ({ occurredAtMs, id }: Delivery): string => textCursor(`${occurredAtMs} ${id}`)

/** @throws Problem 400: it is none of ours */
export function deliveryPlace(cursor: string | undefined): DeliveryPlace | undefined {
  if (cursor === undefined) return undefined
  const [, at, id] = /^(\d{1,15}) ([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/.exec(placeOfText(cursor)) ?? []
  if (at === undefined || id === undefined) throw wrongCursor()
  return { occurredAtMs: Number(at), id }
}
