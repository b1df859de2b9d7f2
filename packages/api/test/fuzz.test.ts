import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { actions } from '../src/actions/action-index.ts'
import { apiHouse, finishedCall, minimalCall, someCallId, wallAtStartMs } from './api-house.ts'
import { tc3Headers } from './signed-inject.ts'

const rounds = 5000
const nastyTexts = [
  '',
  ' ',
  '\0',
  '\ud800',
  '😀',
  '"',
  '\\',
  '{{',
  '\r\n',
  '../../x',
  'null',
  'true',
  '-1',
  '1e999',
  '%00',
  'a'.repeat(3000),
]
const nastyNumbers = [0, -1, 0.5, 2 ** 53, 1e308, -0, 1400000000]

class Fuzzer {
  readonly random: SeededRandom

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  value(depth = 0): unknown {
    const kind = this.random.between(0, depth > 3 ? 4 : 6)
    if (kind === 0) return null
    if (kind === 1) return this.random.pick([true, false])
    if (kind === 2) return this.random.pick(nastyNumbers)
    if (kind <= 4) return this.random.pick([...nastyTexts, someCallId, 'en', 'openai'])
    const size = this.random.between(0, 4)
    const items = Array.from({ length: size }, () => this.value(depth + 1))
    if (kind === 5) return items
    return Object.fromEntries(
      items.map((item) => [this.random.pick(['Key', 'Value', 'Text', '__proto__', 'a.b', '0']), item]),
    )
  }

  parameters(names: readonly string[]): Record<string, unknown> {
    const nowS = wallAtStartMs / 1000
    const range = { StartTimeStamp: nowS, EndTimeStamp: nowS, StartTimestamp: nowS, EndTimestamp: nowS }
    const rest = { StartTime: nowS, EndTime: nowS, PageSize: 10, PageNumber: 0, Command: 'InvokeLLM' }
    const base: Record<string, unknown> = { ...minimalCall, ...range, ...rest, SessionId: someCallId }
    for (let count = this.random.between(0, 2); count > 0; count -= 1) base[this.random.pick(names)] = this.value()
    return base
  }

  /** Cuts, doubles or overwrites a piece. */
  damage(text: string): string {
    const at = this.random.between(0, text.length)
    const piece = this.random.pick([...nastyTexts, '{', '}', '[', ']', ',', ':', '&', '=', '%'])
    return text.slice(0, at) + piece + text.slice(at + this.random.between(0, 5))
  }
}

const headerNames = [
  'content-type',
  'authorization',
  'x-tc-timestamp',
  'x-tc-version',
  'x-tc-action',
  'x-tc-token',
  'host',
  'range',
]

function fuzzedRequest(fuzzer: Fuzzer) {
  const { random } = fuzzer
  const action = random.pick([...actions.values()])
  const parameters = fuzzer.parameters([...action.parameterNames])
  const isGet = random.between(0, 4) === 0
  if (isGet) {
    const flat = Object.entries(parameters).map(([name, value]) =>
      typeof value === 'object' ? `${name}.${random.between(0, 2)}=${JSON.stringify(value)}` : `${name}=${value}`,
    )
    const raw = random.pick([
      flat.join('&'),
      flat.join('&'),
      flat.map((pair) => encodeURIComponent(pair.toWellFormed())).join('&'),
    ])
    const query = encodeURI((random.between(0, 1) === 0 ? fuzzer.damage(raw) : raw).toWellFormed()).replaceAll(
      '#',
      '%23',
    )
    const headers = tc3Headers(
      action.name,
      '',
      {},
      { method: 'GET', query, contentType: 'application/x-www-form-urlencoded' },
    )
    return { method: 'GET' as const, url: `/?${query}`, headers: fuzzedHeaders(fuzzer, headers) }
  }
  const text = JSON.stringify(parameters)
  const payload = random.between(0, 2) === 0 ? fuzzer.damage(text) : text
  const url = random.pick([
    '/',
    '/',
    '/',
    '/tccc/',
    '//',
    '/a?b=c',
    '/recordings/x.wav?expires=1&signature=2',
    '/%zz',
    '/%',
  ])
  return { method: 'POST' as const, url, payload, headers: fuzzedHeaders(fuzzer, tc3Headers(action.name, payload)) }
}

function fuzzedHeaders(fuzzer: Fuzzer, headers: Record<string, string>): Record<string, string> {
  const { random } = fuzzer
  if (random.between(0, 3) > 0) return headers
  const name = random.pick(headerNames)
  const damaged = random.pick([fuzzer.damage(headers[name] ?? ''), ...nastyTexts])
  // HTTP itself does not let these through.
  return { ...headers, [name]: damaged.replace(/[^\x20-\x7e]/g, '') }
}

test(`${rounds} damaged requests are all answered with 200 and an envelope`, async () => {
  const seed = 20_200_210
  const fuzzer = new Fuzzer(seed)
  const { api, records, logger } = apiHouse()
  records.calls.push(finishedCall())
  const codes = new Map<string, number>()
  for (let round = 0; round < rounds; round += 1) {
    const request = fuzzedRequest(fuzzer)
    const answer = await api.server.inject(request)
    const about = `seed ${seed} round ${round}: ${JSON.stringify(request).slice(0, 500)}`
    expect(answer.statusCode, about).toBe(200)
    expect(answer.headers['content-type'], about).toBe('application/json')
    const { Response } = answer.json<{ Response: { RequestId: string; Error?: { Code: string } } }>()
    expect(Response.RequestId, about).toHaveLength(36)
    const code = Response.Error?.Code ?? 'success'
    expect(code, about).not.toMatch(/^InternalError/)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  // The storm reaches deep enough to mean something.
  for (const code of [
    'success',
    'InvalidParameter',
    'InvalidParameterValue',
    'MissingParameter',
    'AuthFailure.SignatureFailure',
  ]) {
    expect(codes.get(code) ?? 0, code).toBeGreaterThan(30)
  }
  expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([])
}, 60_000)
