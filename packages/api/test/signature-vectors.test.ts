import { readFileSync } from 'node:fs'
import { applicationId, Secret } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { createKeyRing } from '../src/auth/key-ring.ts'
import { verifySignatureV1 } from '../src/auth/signature-v1.ts'
import type { SignedRequest } from '../src/auth/signed-request.ts'
import { verifyTc3 } from '../src/auth/tc3.ts'
import type { AuthVerdict } from '../src/auth/verdict.ts'

interface Vector {
  readonly name: string
  readonly kind?: 'tc3' | 'v1'
  readonly basedOn?: string
  readonly secretId?: string
  readonly secretKey?: string
  readonly timestamp?: number
  readonly serverNow?: number
  readonly request: { method: string; target: string; headers: Record<string, string>; body: string }
  readonly expect: string
}

const file = JSON.parse(readFileSync(new URL('./fixtures/tc3-vector.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
  cases: Vector[]
}
const policy = { publicHosts: [], trustProxy: false, acceptUnsignedPayload: true }

function keyRing(vector: Vector) {
  const secretKey = new Secret(vector.secretKey ?? '')
  return createKeyRing([
    { applicationId: applicationId(1400000000), keys: [{ secretId: vector.secretId ?? '', secretKey }] },
  ])
}

function signedRequest({ request }: Vector): SignedRequest {
  const [path = '', query = ''] = request.target.split('?')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return { method: request.method, path, query, headers, body: Buffer.from(request.body ?? '') }
}

function pairs(request: SignedRequest) {
  return [...new URLSearchParams(request.method === 'GET' ? request.query : Buffer.from(request.body).toString())]
}

function outcome(verdict: AuthVerdict): string {
  return verdict.kind === 'valid' ? 'valid' : `AuthFailure.${verdict.reason}`
}

function judge(vector: Vector, change: Partial<SignedRequest> = {}, rules = policy): string {
  const request = { ...signedRequest(vector), ...change }
  const nowS = vector.serverNow ?? vector.timestamp ?? 0
  if (vector.kind === 'v1') return outcome(verifySignatureV1(request, pairs(request), keyRing(vector), nowS, rules))
  return outcome(verifyTc3(request, keyRing(vector), nowS, rules))
}

const completed = file.cases.map((vector) => ({
  ...file.vectors.find(({ name }) => name === vector.basedOn),
  ...vector,
}))

describe('published and captured signatures', () => {
  test('all vectors of the file are here', () => {
    expect(file.vectors).toHaveLength(12)
    expect(file.cases).toHaveLength(7)
  })

  test.each(file.vectors)('$name verifies', (vector) => {
    expect(judge(vector)).toBe(vector.expect)
  })

  test.each(completed)('$name is judged $expect', (vector) => {
    expect(judge(vector)).toBe(vector.expect)
  })

  test.each(file.vectors.filter(({ name }) => name !== 'unsigned-payload'))(
    '$name does not verify for another host, body or query',
    (vector) => {
      const request = signedRequest(vector)
      expect(judge(vector, { headers: { ...request.headers, host: 'other.example' } })).toBe(
        'AuthFailure.SignatureFailure',
      )
      const change =
        request.method === 'GET'
          ? { query: `${request.query}&Extra=1` }
          : { body: Buffer.concat([request.body, Buffer.from(vector.kind === 'v1' ? '&Extra=1' : ' ')]) }
      expect(judge(vector, change)).toBe('AuthFailure.SignatureFailure')
    },
  )
})

const byName = (name: string): Vector => {
  const vector = file.vectors.find((candidate) => candidate.name === name)
  if (!vector) throw new Error(`no vector ${name}`)
  return vector
}

test('an unsigned payload is refused unless the operator accepts it', () => {
  const vector = byName('unsigned-payload')
  expect(judge(vector, {}, { ...policy, acceptUnsignedPayload: false })).toBe('AuthFailure.SignatureFailure')
})

test('a host replaced by a proxy verifies only through configuration', () => {
  const vector = byName('java-style-charset')
  const headers = { ...signedRequest(vector).headers, host: 'internal:8080', 'x-forwarded-host': 'ccc.example.com' }
  expect(judge(vector, { headers })).toBe('AuthFailure.SignatureFailure')
  expect(judge(vector, { headers }, { ...policy, trustProxy: true })).toBe('valid')
  expect(judge(vector, { headers }, { ...policy, publicHosts: ['ccc.example.com'] as never[] })).toBe('valid')
})

test('a signature that leaves out host or content-type is refused', () => {
  const vector = byName('nodejs-sdk-CreateAICall-POST-json')
  const headers = signedRequest(vector).headers
  const authorization = headers.authorization?.replace('content-type;host', 'host')
  expect(judge(vector, { headers: { ...headers, authorization } })).toBe('AuthFailure.SignatureFailure')
})

test('a token is required for a temporary key and refused for a permanent one', () => {
  const vector = byName('nodejs-sdk-CreateAICall-POST-json')
  const request = signedRequest(vector)
  const keys = (token?: string) =>
    createKeyRing([
      {
        applicationId: applicationId(1),
        keys: [
          { secretId: vector.secretId ?? '', secretKey: new Secret(vector.secretKey ?? ''), ...(token && { token }) },
        ],
      },
    ])
  const judgeWith = (token: string | undefined, sent: string | undefined) =>
    outcome(
      verifyTc3({ ...request, headers: { ...request.headers, 'x-tc-token': sent } }, keys(token), 1750000000, policy),
    )
  expect(judgeWith('t', 't')).toBe('valid')
  expect(judgeWith('t', undefined)).toBe('AuthFailure.TokenFailure')
  expect(judgeWith('t', 'u')).toBe('AuthFailure.TokenFailure')
  expect(judgeWith(undefined, 'u')).toBe('AuthFailure.TokenFailure')
})

test('one SecretId with two different keys is a configuration error', () => {
  const key = (value: string) => ({ secretId: 'id', secretKey: new Secret(value) })
  expect(() =>
    createKeyRing([
      { applicationId: applicationId(1), keys: [key('a')] },
      { applicationId: applicationId(2), keys: [key('b')] },
    ]),
  ).toThrow('two different keys')
})
