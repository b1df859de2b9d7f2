import type { ExpectedVersion, Registered } from '@parley/core'
import { Problem } from '../management/problem.ts'

/** Refusals of a change, for the document. */
export const registryRefusals = { 409: 'declared in parley.yaml, in use, or there is one already' }

/** What a change made. `what`: `trunk` or `number`. @throws Problem 404, 409, 412 */
export function registered<Value>(result: Registered<Value>, what: string): Value {
  switch (result.kind) {
    case 'done':
      return result.value
    case 'absent':
      throw new Problem(404, `no such ${what}`)
    case 'declared':
      throw new Problem(409, `the ${what} is declared in parley.yaml`)
    case 'stale':
      throw new Problem(412, `the ${what} has changed meanwhile: get it again`)
    case 'taken':
      throw new Problem(409, `there is such a ${what} already`)
    case 'inUse':
      throw new Problem(409, `the ${what} is in use: ${result.by}`)
    default:
      return result satisfies never
  }
}

/** As the registry takes it. */
export const expectedOf = (version: ExpectedVersion): number | undefined => (version === '*' ? undefined : version)

/** `{id}` in a path. */
export const isId = (id: number): boolean => Number.isSafeInteger(id) && id > 0
