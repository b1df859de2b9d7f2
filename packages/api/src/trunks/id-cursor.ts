import { wrongCursor } from '../management/page.ts'
import { isId } from './registry-answer.ts'

/** The place after the thing of this id; opaque to clients. */
export const idCursorOf = (id: number): string => Buffer.from(`id.${id}`).toString('base64url')

/** Undefined: the first page. @throws Problem 400: it is none of ours */
export function idOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const [, digits = ''] = /^id\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (digits === '' || !isId(Number(digits))) throw wrongCursor()
  return Number(digits)
}
