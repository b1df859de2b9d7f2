import { createHash, createHmac } from 'node:crypto'
import type { Api } from '../src/create-api.ts'
import * as house from './api-house.ts'
import { wallAtStartMs } from './api-house.ts'

export interface ApiResponse {
  readonly RequestId: string
  readonly Error?: { readonly Code: string; readonly Message: string }
  readonly [field: string]: unknown
}

const utcDate = new Date(wallAtStartMs).toISOString().slice(0, 10)
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** TC3 headers for a request to `api.test`, as a client would compute them. */
export function tc3Headers(
  action: string,
  body: string,
  extra: Record<string, string> = {},
  {
    method = 'POST',
    query = '',
    contentType = 'application/json',
    date = utcDate,
    secretId = house.secretId,
    secretKey = house.secretKey,
  } = {},
) {
  const timestamp = Math.floor(wallAtStartMs / 1000)
  const canonical = `${method}\n/\n${query}\ncontent-type:${contentType}\nhost:api.test\n\ncontent-type;host\n${sha256(body)}`
  const scope = `${date}/ccc/tc3_request`
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), 'ccc'), 'tc3_request')
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex')
  return {
    host: 'api.test',
    'content-type': contentType,
    'x-tc-action': action,
    'x-tc-version': '2020-02-10',
    'x-tc-timestamp': String(timestamp),
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
    ...extra,
  }
}

/** Sends a signed action and hands back `Response`. The status must be 200. */
export async function call(
  api: Api,
  action: string,
  parameters: unknown,
  headers: Record<string, string> = {},
): Promise<ApiResponse> {
  const body = typeof parameters === 'string' ? parameters : JSON.stringify(parameters)
  const answer = await api.server.inject({
    method: 'POST',
    url: '/',
    payload: body,
    headers: tc3Headers(action, body, headers),
  })
  if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}: ${answer.body}`)
  return answer.json<{ Response: ApiResponse }>().Response
}

/** As `call`, by GET with flattened parameters. */
export async function callByGet(api: Api, action: string, query: string): Promise<ApiResponse> {
  const headers = tc3Headers(action, '', {}, { method: 'GET', query, contentType: 'application/x-www-form-urlencoded' })
  const answer = await api.server.inject({ method: 'GET', url: `/?${query}`, headers })
  return answer.json<{ Response: ApiResponse }>().Response
}
