import type { z } from 'zod'
import type { ApiError } from '../answer/api-error.ts'
import { invalidParameter, invalidValue, missingParameter } from '../answer/parameter-errors.ts'
import { type Issue, isMissing, issueText, unstorable, unstorableAt } from './issue-text.ts'

/**
 * The parameters as `schema` describes them. Of several problems the one of the lowest kind is reported: missing before
 * wrong type before wrong value, as the vendor's gateway does.
 *
 * @throws ApiError MissingParameter, InvalidParameter, InvalidParameterValue
 */
export function validate<Schema extends z.ZodType>(schema: Schema, parameters: unknown): z.output<Schema> {
  const result = schema.safeParse(parameters)
  if (!result.success) throw firstProblem(result.error.issues, parameters)
  const refused = unstorableAt(result.data)
  if (refused) throw invalidValue(pathText(refused), unstorable)
  return result.data
}

function firstProblem(issues: readonly Issue[], parameters: unknown): ApiError {
  const missing = issues.find((issue) => isMissing(issue, parameters))
  if (missing) return missingParameter(pathText(missing.path))
  const type = issues.find(({ code }) => code === 'invalid_type')
  if (type?.code === 'invalid_type') return invalidParameter(pathText(type.path), issueText(type))
  const unknown = issues.find(({ code }) => code === 'unrecognized_keys')
  if (unknown?.code === 'unrecognized_keys') {
    return invalidValue(pathText([...unknown.path, ...unknown.keys.slice(0, 1)]), { en: 'is not known', zh: '不存在' })
  }
  const [issue] = issues
  return invalidValue(
    pathText(issue?.path ?? []),
    issue ? issueText(issue) : { en: 'has a value that is not allowed', zh: '取值错误' },
  )
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '*' : path.map(String).join('.').slice(0, 200)
}
