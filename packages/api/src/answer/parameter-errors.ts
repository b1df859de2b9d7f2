import { ApiError } from './api-error.ts'
import type { LocalizedText } from './localized-text.ts'

/** Refusals that name the parameter by its path as the flattened form writes it, e.g. `Variables.0.Key`. */

export function missingParameter(path: string): ApiError {
  return new ApiError('MissingParameter', {
    en: `The parameter \`${path}\` is required.`,
    zh: `缺少参数 \`${path}\`。`,
  })
}

export function invalidParameter(path: string, problem: LocalizedText): ApiError {
  return new ApiError('InvalidParameter', about(path, problem))
}

export function invalidValue(path: string, problem: LocalizedText): ApiError {
  return new ApiError('InvalidParameterValue', about(path, problem))
}

function about(path: string, problem: LocalizedText): LocalizedText {
  return { en: `The parameter \`${path}\` ${problem.en}.`, zh: `参数 \`${path}\` ${problem.zh}。` }
}
