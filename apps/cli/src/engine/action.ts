import { createHash, createHmac } from 'node:crypto'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { type Engine, reach } from './engine.ts'

const contentType = 'application/json'
const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

interface Answer {
  readonly Response: {
    readonly Error?: { readonly Code: string; readonly Message: string }
    readonly [field: string]: unknown
  }
}

/**
 * One action of the Tencent API. `wallMs`: Unix ms, which the signature covers.
 *
 * @throws Failure with the code and the message of the engine
 */
export async function callAction(
  engine: Engine,
  action: string,
  fields: Readonly<Record<string, unknown>>,
  wallMs: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { settings } = engine
  const body = JSON.stringify(fields)
  const response = await reach(settings.url, () =>
    fetch(`${settings.url}/`, {
      method: 'POST',
      headers: { ...headers, ...signed(action, body, Math.floor(wallMs / 1000), settings) },
      body,
      // A call may wait for a free line before it is accepted.
      signal: AbortSignal.timeout(60_000),
    }),
  )
  const text = await response.text()
  const answer = parse(text)
  if (!answer)
    throw new Failure('unreachable', `what answers at ${settings.url} is no Parley (status ${response.status})`)
  const { Error: error, ...rest } = answer.Response
  if (error) {
    throw new Failure(error.Code.startsWith('AuthFailure') ? 'key' : 'refused', `${error.Message} (${error.Code})`)
  }
  return rest
}

/** @see https://www.tencentcloud.com/document/product/1229 "Signature v3" */
function signed(action: string, body: string, timestampS: number, { url, secretId, secretKey }: Settings) {
  const date = new Date(timestampS * 1000).toISOString().slice(0, 10)
  const { host } = new URL(url)
  const names = 'content-type;host'
  const canonical = `POST\n/\n\ncontent-type:${contentType}\nhost:${host}\n\n${names}\n${sha256(body)}`
  const scope = `${date}/ccc/tc3_request`
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), 'ccc'), 'tc3_request')
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestampS}\n${scope}\n${sha256(canonical)}`).toString('hex')
  return {
    'content-type': contentType,
    'x-tc-action': action,
    'x-tc-version': '2020-02-10',
    'x-tc-timestamp': String(timestampS),
    'x-tc-language': 'en-US',
    'x-tc-requestclient': 'parley-cli',
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

function parse(text: string): Answer | undefined {
  try {
    const answer = JSON.parse(text) as Partial<Answer>
    return answer.Response ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}
