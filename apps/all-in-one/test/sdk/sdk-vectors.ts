import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedRequest } from './recording-proxy.ts'
import { nameOf, type Transport } from './sdk-client.ts'

/** A request that an SDK sent, in the form of tc3-vector.json. */
export interface SdkVector {
  readonly name: string
  readonly kind: 'tc3' | 'v1'
  readonly action: string
  readonly secretId: string
  readonly secretKey: string
  /** Unix seconds, as the request says. */
  readonly timestamp: number
  readonly request: RecordedRequest
  readonly expect: string
}

/** Kept for every transport: nested and flat, lists, empty answers. The others are kept for the first transport alone. */
const keptAlways: ReadonlySet<string> = new Set([
  ...['CreateAICall', 'ControlAIConversation', 'DescribeTelCdr', 'DescribeTelCallInfo', 'CreateOwnNumberApply'],
])

export function isKept(action: string, transport: Transport): boolean {
  return keptAlways.has(action) || nameOf(transport) === 'TC3-HMAC-SHA256 POST'
}

export function vectorOf(
  action: string,
  transport: Transport,
  request: RecordedRequest,
  key: { readonly secretId: string; readonly secretKey: string },
  expect: string,
): SdkVector {
  const kind = transport.signMethod === 'TC3-HMAC-SHA256' ? 'tc3' : 'v1'
  const flat = new URLSearchParams(request.method === 'GET' ? request.target.split('?')[1] : request.body)
  const header = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'x-tc-timestamp')
  const timestamp = Number(kind === 'tc3' ? header?.[1] : flat.get('Timestamp'))
  const name = `${action} by ${nameOf(transport)}${expect === 'valid' ? '' : `, ${expect}`}`
  return { name, kind, action, ...key, timestamp, request, expect }
}

/** Writes `<sdk>.json`; `client` is what the SDK calls itself. */
export function writeVectors(directory: string, sdk: string, vectors: readonly SdkVector[]): void {
  const description = `Requests as the official Tencent Cloud SDK sent them (${clientOf(vectors)}), keys invented.`
  writeFileSync(join(directory, `${sdk}.json`), `${JSON.stringify({ description, vectors }, undefined, 1)}\n`)
}

function clientOf(vectors: readonly SdkVector[]): string {
  const headers = vectors.flatMap(({ request }) => Object.entries(request.headers))
  return headers.find(([name]) => name.toLowerCase() === 'x-tc-requestclient')?.[1] ?? 'unknown'
}
