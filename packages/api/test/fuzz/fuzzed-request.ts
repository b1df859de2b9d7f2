import { actions } from '../../src/actions/action-index.ts'
import { tc3Headers } from '../signed-inject.ts'
import { validRequests } from '../valid-requests.ts'
import type { Fuzzer } from './fuzzer.ts'
import { nastyTexts } from './fuzzer.ts'

/** A request as bytes. */
export interface FuzzedRequest {
  readonly bytes: Buffer
  readonly method: string
  readonly path: string
  /** Not HTTP any more: may be answered in any way below 500, or with the end of the connection. */
  readonly isBroken: boolean
}

const headerNames = [
  ...['content-type', 'authorization', 'x-tc-timestamp', 'x-tc-version', 'x-tc-action', 'x-tc-token', 'host', 'range'],
  ...['x-tc-language', 'x-tc-traceid', 'x-tc-content-sha256', 'accept-encoding', 'content-encoding', 'expect'],
  ...['x-forwarded-host', 'x-forwarded-proto', 'if-range', 'cookie', 'upgrade', 'x-tc-requestclient'],
]
const oddMethods = ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'BREW', 'get']
const paths = [
  ...['/', '/', '/', '/', '/', '/', '/', '/', '/tccc/', '//', '/a', '/%zz', '/%', '/%00', '/..%2f', '/*'],
  ...['/recordings/x.wav', '/recordings/../x', '/transcripts/%zz.json', '/healthz', '/readyz', '/v1/calls/x', '/v1'],
]
const oddActions = [
  ...['', 'createAICall', 'CreateAICall\t', 'NoSuchAction', '__proto__', 'constructor', 'CreateUserSig'],
  ...['CreateAutoCalloutTask'],
]

/** A request to any action, by TC3, sound or damaged in its parameters, body, query, path, method, headers or bytes. */
export function fuzzedRequest(fuzzer: Fuzzer): FuzzedRequest {
  const { random } = fuzzer
  const action = random.pick([...actions.values()])
  const name = fuzzer.once(30) ? random.pick(oddActions) : action.name
  const parameters = fuzzer.parameters(validRequests[action.name] ?? {}, [...action.parameterNames])
  const isGet = fuzzer.once(5)
  const form = isGet || fuzzer.once(30)
  const text = form ? flattened(fuzzer, parameters) : JSON.stringify(parameters)
  const sound = text.toWellFormed()
  const payload = fuzzer.once(4) ? fuzzer.damage(sound) : sound
  const query = isGet ? encodeURI(payload.toWellFormed()).replaceAll('#', '%23') : ''
  const body = isGet ? '' : payload
  const method = fuzzer.once(25) ? random.pick(oddMethods) : isGet ? 'GET' : 'POST'
  const contentType = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const signed = tc3Headers(name, body, {}, { method, query, contentType })
  const path = random.pick(paths)
  const more = fuzzer.once(20) ? `?${random.pick(['b=c', 'Action=', '%', '&&=&', 'a[]=1', 'SdkAppId=1'])}` : ''
  const target = path + (query === '' ? more : `?${query}`)
  return asBytes(fuzzer, { method, path, target, body, headers: fuzzedHeaders(fuzzer, signed) })
}

function flattened(fuzzer: Fuzzer, parameters: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(parameters).map(([name, value]) =>
    typeof value === 'object' && value !== null
      ? `${name}.${fuzzer.random.between(0, 2)}=${JSON.stringify(value)}`
      : `${name}=${value}`,
  )
  return fuzzer.once(3) ? pairs.map((pair) => encodeURIComponent(pair.toWellFormed())).join('&') : pairs.join('&')
}

function fuzzedHeaders(fuzzer: Fuzzer, headers: Readonly<Record<string, string>>): Record<string, string> {
  if (!fuzzer.once(4)) return { ...headers }
  const name = fuzzer.random.pick(headerNames)
  const value = fuzzer.random.pick([fuzzer.damage(headers[name] ?? ''), ...nastyTexts])
  if (fuzzer.once(6)) {
    const { [name]: _gone, ...others } = headers
    return others
  }
  // Line breaks would end the header; `asBytes` breaks requests in that way too.
  return { ...headers, [name]: value.replace(/[\r\n\0]/g, '').toWellFormed() }
}

interface Parts {
  readonly method: string
  readonly path: string
  readonly target: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

function asBytes(fuzzer: Fuzzer, { method, path, target, body, headers }: Parts): FuzzedRequest {
  const payload = Buffer.from(body)
  const chunked = payload.length > 0 && fuzzer.once(20)
  const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${payload.length}`
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`${method} ${target} HTTP/1.1`, ...lines, framing, '', ''].join('\r\n')
  const isBroken = fuzzer.once(10)
  const sentHead = Buffer.from(isBroken ? fuzzer.damage(head) : head)
  const sentBody = chunked ? inChunks(fuzzer, payload) : payload
  return { bytes: Buffer.concat([sentHead, sentBody]), method, path, isBroken }
}

function inChunks(fuzzer: Fuzzer, payload: Buffer): Buffer {
  const at = fuzzer.random.between(1, payload.length)
  const chunks = [payload.subarray(0, at), payload.subarray(at)].filter((chunk) => chunk.length > 0)
  const parts = chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}
