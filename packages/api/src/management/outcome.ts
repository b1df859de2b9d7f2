import type { Registered } from '@parley/core'
import { Problem } from './problem.ts'

/** Refusals of a change, for the document. */
export const changeRefusals = { 409: 'declared in parley.yaml, or taken' }

/** What a change made. `what`: e.g. `application`. @throws Problem 404, 409, 412 */
export function outcomeOf<Value>(change: Registered<Value>, what: string): Value {
  switch (change.kind) {
    case 'done':
      return change.value
    case 'missing':
      throw new Problem(404, `no such ${what}`)
    case 'changed':
      throw new Problem(412, `the ${what} has changed meanwhile: get it again`)
    case 'declared':
      throw new Problem(409, `the ${what} is declared in parley.yaml`)
    case 'exists':
      throw new Problem(409, `there is such ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} already`)
    case 'inUse':
      throw new Problem(409, `the ${what} is in use: ${change.by}`)
    default:
      return change satisfies never
  }
}
