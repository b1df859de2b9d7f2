import type { RawParameters } from './actions/action.ts'
import { ApiError } from './answer/api-error.ts'
import { type AnswerLanguage, answerLanguage } from './answer/localized-text.ts'
import { missingParameter } from './answer/parameter-errors.ts'
import type { ParameterPairs } from './auth/signature-v1.ts'
import type { SignedRequest } from './auth/signed-request.ts'
import { jsonParameters } from './parameters/json-parameters.ts'
import { unflatten } from './parameters/unflatten.ts'

/** The common part of a request, read before anything is known to be genuine. */
export interface RequestKind {
  /** `none`: no signature of either kind. */
  readonly scheme: 'tc3' | 'v1' | 'none'
  readonly action: string | undefined
  readonly version: string | undefined
  readonly language: AnswerLanguage
  /** Which SDK calls, for logs. */
  readonly client: string | undefined
  /** Query of a GET, form of a POST; empty for JSON. */
  readonly pairs: ParameterPairs
}

const apiVersion = '2020-02-10'

/** Documented limits. The 10 MB of a JSON body are the HTTP server's. */
const maxQueryBytes = 32 * 1024
const maxFormBytes = 1024 * 1024

/** Parameters of version 1 that belong to the protocol, not to the action. */
const commonNames = new Set([
  ...['Action', 'Version', 'Timestamp', 'Nonce', 'SecretId', 'Signature', 'SignatureMethod'],
  ...['Region', 'Token', 'Language', 'RequestClient'],
])

/** @throws ApiError RequestSizeLimitExceeded, UnsupportedProtocol */
export function requestKind(request: SignedRequest): RequestKind {
  const { headers } = request
  if (request.method !== 'GET' && request.method !== 'POST') throw new ApiError('UnsupportedProtocol')
  if (request.query.length > maxQueryBytes) throw new ApiError('RequestSizeLimitExceeded')
  const pairs = flatPairs(request)
  const common = new Map(pairs)
  const scheme = headers.authorization !== undefined ? 'tc3' : common.has('Signature') ? 'v1' : 'none'
  const fromHeaders = scheme !== 'v1'
  return {
    scheme,
    action: (fromHeaders ? headers['x-tc-action'] : undefined) ?? common.get('Action'),
    version: (fromHeaders ? headers['x-tc-version'] : undefined) ?? common.get('Version'),
    language: answerLanguage(headers['x-tc-language'] ?? common.get('Language')),
    client: headers['x-tc-requestclient'] ?? common.get('RequestClient'),
    pairs,
  }
}

/** @throws ApiError MissingParameter, NoSuchVersion */
export function assertVersion(kind: RequestKind): void {
  if (!kind.version) throw missingParameter('Version')
  if (kind.version !== apiVersion) throw new ApiError('NoSuchVersion')
}

/** @throws ApiError UnsupportedProtocol, InvalidParameter */
export function rawParameters(request: SignedRequest, kind: RequestKind): RawParameters {
  if (kind.scheme === 'tc3' && request.method === 'POST') {
    if (mediaType(request) !== 'application/json') throw new ApiError('UnsupportedProtocol')
    return { encoding: 'json', values: jsonParameters(request.body) }
  }
  const own = kind.scheme === 'v1' ? kind.pairs.filter(([name]) => !commonNames.has(name)) : kind.pairs
  return { encoding: 'flat', values: unflatten(own) }
}

function flatPairs(request: SignedRequest): ParameterPairs {
  if (request.method === 'GET') return [...new URLSearchParams(request.query)]
  if (mediaType(request) !== 'application/x-www-form-urlencoded') return []
  if (request.body.length > maxFormBytes) throw new ApiError('RequestSizeLimitExceeded')
  return [...new URLSearchParams(Buffer.from(request.body).toString('utf8'))]
}

function mediaType(request: SignedRequest): string {
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
}
