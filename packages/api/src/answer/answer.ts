import type { ApiError } from './api-error.ts'
import { type AnswerLanguage, inLanguage } from './localized-text.ts'

/** Body of an API answer. The status is 200 whatever it says: SDKs throw the body of any other status away. */
export interface Answer {
  readonly requestId: string
  readonly body: Buffer
}

export function successAnswer(requestId: string, fields: Readonly<Record<string, unknown>>): Answer {
  return encode(requestId, fields)
}

export function failureAnswer(requestId: string, error: ApiError, language: AnswerLanguage): Answer {
  return encode(requestId, { Error: { Code: error.code, Message: inLanguage(error.text, language) } })
}

function encode(requestId: string, fields: Readonly<Record<string, unknown>>): Answer {
  return { requestId, body: Buffer.from(JSON.stringify({ Response: { ...fields, RequestId: requestId } })) }
}
