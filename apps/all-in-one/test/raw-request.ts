import { createHash, createHmac } from 'node:crypto'
import { testApplication } from './engine-process.ts'

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

export interface RawRequest {
  readonly action: string
  readonly body?: string
  readonly secretId?: string
  readonly secretKey?: string
  /** Added to the time that is signed. */
  readonly offsetSeconds?: number
}

/** Sends a request signed by TC3-HMAC-SHA256 without the SDK's help; the code of the error in the answer. */
export async function errorCodeOf(httpPort: number, request: RawRequest): Promise<string | undefined> {
  const { secretId, secretKey } = { ...testApplication, ...request }
  const body = request.body ?? '{}'
  const timestamp = Math.floor(Date.now() / 1000) + (request.offsetSeconds ?? 0)
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const host = `127.0.0.1:${httpPort}`
  const signed = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${sha256(body)}`
  const scope = `${date}/ccc/tc3_request`
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), 'ccc'), 'tc3_request')
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(signed)}`).toString('hex')
  const response = await fetch(`http://${host}/`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-tc-action': request.action,
      'x-tc-version': '2020-02-10',
      'x-tc-timestamp': String(timestamp),
      authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
    },
  })
  const answer = (await response.json()) as { Response: { Error?: { Code: string } } }
  return answer.Response.Error?.Code
}
