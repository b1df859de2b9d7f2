import { SeededRandom, VirtualClock } from '@parley/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest } from '../message/sip-message.ts'
import { type Challenge, parseChallenge } from './challenge.ts'
import { formatCredentials } from './digest.ts'
import { DigestServer } from './digest-server.ts'

const accounts = [
  { username: 'carrier', password: 'right' },
  { username: 'other', password: 'also right' },
]
const source = '192.0.2.1'
let clock: VirtualClock
let server: DigestServer

beforeEach(() => {
  clock = new VirtualClock()
  server = new DigestServer({ clock, random: new SeededRandom(1), realm: 'us.test' })
})

const invite = (authorization?: string, uri = 'sip:100@us.test'): SipRequest => ({
  kind: 'request',
  method: 'INVITE',
  uri,
  headers: new Headers(authorization === undefined ? [] : [{ name: 'authorization', value: authorization }]),
  body: noBody,
})

const challenge = (at = 0, from = source): Challenge => {
  const parsed = parseChallenge(server.challenge(from, accounts, false)[at] ?? '', 'www-authenticate')
  if (!parsed) throw new Error('no challenge')
  return parsed
}

const credentials = (given: Challenge, more: { password?: string; username?: string; nonceCount?: number } = {}) =>
  formatCredentials(given, {
    username: 'carrier',
    password: 'right',
    method: 'INVITE',
    uri: 'sip:100@us.test',
    body: noBody,
    cnonce: 'c',
    nonceCount: 1,
    ...more,
  })

const verify = (authorization?: string, from = source) => server.verify(invite(authorization), from, accounts).kind

test('the strongest algorithm is offered first', () => {
  expect(server.challenge(source, accounts, false).map((value) => /algorithm=(\S+)/.exec(value)?.[1])).toEqual([
    'SHA-256',
    'MD5',
  ])
  expect(server.challenge(source, accounts, true)[0]).toContain('stale=true')
})

test('an account of one algorithm is offered that alone, and proven by no other', () => {
  const old = [{ username: 'carrier', password: 'right', algorithm: 'MD5' as const }]
  expect(server.challenge(source, old, false).map((value) => /algorithm=(\S+)/.exec(value)?.[1])).toEqual(['MD5'])
  expect(server.verify(invite(credentials(challenge(1))), source, old).kind).toBe('accepted')
  expect(server.verify(invite(credentials(challenge(0))), source, old).kind).toBe('refused')
})

test.each([
  ['SHA-256', 0],
  ['MD5', 1],
])('right credentials by %s are accepted, for the account they name', (_algorithm, at) => {
  expect(server.verify(invite(credentials(challenge(at))), source, accounts)).toEqual({
    kind: 'accepted',
    username: 'carrier',
  })
  const other = credentials(challenge(at), { username: 'other', password: 'also right' })
  expect(server.verify(invite(other), source, accounts)).toEqual({ kind: 'accepted', username: 'other' })
})

test('a client that knows no qop is accepted once per nonce', () => {
  const { qop: _qop, ...old } = challenge()
  expect([verify(credentials(old)), verify(credentials(old))]).toEqual(['accepted', 'stale'])
})

test.each([
  ['nothing', undefined],
  ['another scheme', 'Basic Zm9vOmJhcg=='],
  ['another realm', 'Digest realm="elsewhere", nonce="x", response="y"'],
])('%s is missing', (_what, value) => {
  expect(verify(value)).toBe('missing')
})

test('wrong passwords, names, methods, URIs and counts are refused', () => {
  const given = challenge()
  expect(verify(credentials(given, { password: 'wrong' }))).toBe('refused')
  expect(verify(credentials(given, { username: 'nobody' }))).toBe('refused')
  expect(verify(credentials(given, { username: 'nobody', password: '' }))).toBe('refused')
  expect(verify(credentials(given).replace('uri="sip:100', 'uri="sip:900'))).toBe('refused')
  expect(verify(credentials(given).replace('nc=00000001', 'nc=1'))).toBe('refused')
  expect(verify(credentials(given).replace('qop=auth', 'qop=auth-int'))).toBe('refused')
})

test('credentials hold for a Request-URI that a proxy has rewritten', () => {
  expect(server.verify(invite(credentials(challenge()), 'sip:100@192.0.2.9:5060'), source, accounts).kind).toBe(
    'accepted',
  )
})

describe('nonces', () => {
  test('are good for a minute, for their source, and only as we made them', () => {
    const given = challenge()
    expect(verify(credentials(given), '192.0.2.2')).toBe('stale')
    expect(verify(credentials({ ...given, nonce: `${given.nonce}x` }))).toBe('stale')
    expect(verify(credentials({ ...given, nonce: given.nonce.replace(/^\w+/, 'zzzzzzzz') }))).toBe('stale')
    expect(verify(credentials({ ...given, nonce: '' }))).toBe('stale')
  })

  test('grow old', async () => {
    const given = challenge()
    await clock.advance(60_000)
    expect(verify(credentials(given))).toBe('accepted')
    await clock.advance(1)
    expect(verify(credentials(given, { nonceCount: 2 }))).toBe('stale')
  })

  test('of another server are stale', () => {
    const other = new DigestServer({ clock, random: new SeededRandom(2), realm: 'us.test' })
    const value = credentials(challenge())
    expect(other.verify(invite(value), source, accounts).kind).toBe('stale')
  })

  test('take each count once, in rising order', () => {
    const given = challenge()
    const kinds = [1, 1, 3, 2, 3, 4].map((nonceCount) => verify(credentials(given, { nonceCount })))
    expect(kinds).toEqual(['accepted', 'stale', 'accepted', 'stale', 'stale', 'accepted'])
  })

  test('that had to be forgotten cannot be used again', async () => {
    const first = challenge()
    expect(verify(credentials(first))).toBe('accepted')
    await clock.advance(10)
    for (let use = 0; use < 10_000; use += 1) verify(credentials(challenge(1)))
    expect(verify(credentials(first))).toBe('stale')
    expect(verify(credentials(first, { nonceCount: 2 }))).toBe('stale')
    await clock.advance(10)
    expect(verify(credentials(challenge()))).toBe('accepted')
  })
})

test('a source that guesses is not looked at for the rest of the minute; others are', async () => {
  for (let guess = 0; guess < 10; guess += 1) {
    expect(verify(credentials(challenge(), { password: `guess ${guess}` }))).toBe('refused')
  }
  expect(verify(credentials(challenge()))).toBe('throttled')
  expect(verify(credentials(challenge(0, '192.0.2.2')), '192.0.2.2')).toBe('accepted')
  await clock.advance(60_000)
  expect(verify(credentials(challenge()))).toBe('accepted')
})

test('no text makes it throw', () => {
  const random = new SeededRandom(5)
  for (let round = 0; round < 5_000; round += 1) {
    // Each from a source of its own, which nobody throttles.
    const from = `10.0.${round >> 8}.${round & 255}`
    const bytes = Buffer.from(credentials(challenge(0, from)))
    for (let change = 0; change < 3; change += 1) bytes[random.between(0, bytes.length - 1)] = random.between(0, 255)
    expect(() => verify(bytes.toString('latin1'), from)).not.toThrow()
  }
})
