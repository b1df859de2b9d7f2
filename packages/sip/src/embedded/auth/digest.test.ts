import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { Headers } from '../message/headers.ts'
import { noBody, type SipRequest, type SipResponse } from '../message/sip-message.ts'
import { challengesOf, parseChallenge } from './challenge.ts'
import { digestResponse, formatCredentials } from './digest.ts'
import { DigestClient } from './digest-client.ts'

const parse = (value: string) => {
  const challenge = parseChallenge(value, 'www-authenticate')
  if (!challenge) throw new Error('not a challenge')
  return challenge
}

const respond = (challenges: readonly (readonly [string, string])[], status = 401): SipResponse => {
  const headers = new Headers()
  for (const [name, value] of challenges) headers.add(name, value)
  return { kind: 'response', status, reason: '', headers, body: noBody }
}

const register = (): SipRequest => ({
  kind: 'request',
  method: 'REGISTER',
  uri: 'sip:example.com',
  headers: new Headers(),
  body: noBody,
})

describe('digest vectors', () => {
  const get = { method: 'GET', uri: '/dir/index.html', body: noBody, username: 'Mufasa', nonceCount: 1 }

  test('RFC 2617 section 3.5: MD5 with qop auth', () => {
    const challenge = parse(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    )
    const input = { ...get, password: 'Circle Of Life', cnonce: '0a4f113b' }
    expect(digestResponse(challenge, input)).toBe('6629fae49393a05397450978507c4ef1')
    expect(formatCredentials(challenge, input)).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"')
    expect(formatCredentials(challenge, input)).toContain('qop=auth, nc=00000001')
  })

  test('RFC 2069 style: no qop', () => {
    const challenge = parse('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    const input = { ...get, password: 'CircleOfLife', cnonce: 'unused' }
    expect(digestResponse(challenge, input)).toBe('1949323746fe6a43ef61f9606e7febea')
    expect(formatCredentials(challenge, input)).not.toContain('cnonce')
  })

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616 section 3.9.1: %s', (algorithm, expected) => {
    const challenge = parse(
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    )
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
    expect(digestResponse(challenge, { ...get, password: 'Circle of Life', cnonce })).toBe(expected)
  })

  test('MD5-sess and auth-int differ from their plain forms', () => {
    const of = (more: string) =>
      digestResponse(parse(`Digest realm="r", nonce="n", ${more}`), { ...get, password: 'p', cnonce: 'c' })
    const all = ['qop="auth"', 'qop="auth", algorithm=MD5-sess', 'qop="auth-int"', 'qop="auth", algorithm=SHA-256-sess']
    expect(new Set(all.map(of)).size).toBe(4)
  })
})

describe('choice of challenge', () => {
  test('the strongest algorithm of a realm wins, unknown schemes and algorithms are passed over', () => {
    const challenges = challengesOf(
      respond([
        ['www-authenticate', 'Basic realm="a"'],
        ['www-authenticate', 'Digest realm="a", nonce="1", algorithm=MD5'],
        ['www-authenticate', 'Digest realm="a", nonce="2", algorithm=SHA-256'],
        ['www-authenticate', 'Digest realm="a", nonce="3", algorithm=SHA-512-256'],
        ['proxy-authenticate', 'Digest realm="b", nonce="4"'],
      ]),
    )
    expect(challenges.map(({ realm, nonce, answerHeader }) => [realm, nonce, answerHeader])).toEqual([
      ['a', '2', 'authorization'],
      ['b', '4', 'proxy-authorization'],
    ])
  })

  test('credentials of every realm on the way are sent', () => {
    const attempt = new DigestClient({ username: 'u', password: 'p' }, new SeededRandom(1)).attempt()
    expect(attempt.challenge(respond([['proxy-authenticate', 'Digest realm="edge", nonce="1"']], 407))).toBe(true)
    expect(attempt.challenge(respond([['www-authenticate', 'Digest realm="core", nonce="2"']]))).toBe(true)
    const request = register()
    attempt.authorize(request)
    expect(request.headers.get('proxy-authorization')).toContain('realm="edge"')
    expect(request.headers.get('authorization')).toContain('realm="core"')
  })

  test('a realm that asks twice has refused, unless its nonce was stale', () => {
    const attempt = new DigestClient({ username: 'u', password: 'p' }, new SeededRandom(1)).attempt()
    const ask = (more: string) => attempt.challenge(respond([['www-authenticate', `Digest realm="r", ${more}`]]))
    expect(ask('nonce="1"')).toBe(true)
    expect(ask('nonce="2", stale=true')).toBe(true)
    expect(ask('nonce="2", stale=true')).toBe(false)
    expect(ask('nonce="3"')).toBe(false)
  })

  test('endless stale nonces end too', () => {
    const attempt = new DigestClient({ username: 'u', password: 'p' }, new SeededRandom(1)).attempt()
    const rounds = Array.from({ length: 10 }, (_, round) =>
      attempt.challenge(respond([['www-authenticate', `Digest realm="r", nonce="${round}", stale=TRUE`]])),
    )
    expect(rounds).toEqual([true, true, true, true, true, false, false, false, false, false])
  })

  test('the count of a nonce rises with each use', () => {
    const client = new DigestClient({ username: 'u', password: 'p' }, new SeededRandom(1))
    const use = () => {
      const attempt = client.attempt()
      attempt.challenge(respond([['www-authenticate', 'Digest realm="r", nonce="same", qop="auth"']]))
      const request = register()
      attempt.authorize(request)
      return request.headers.get('authorization')
    }
    expect([use(), use()].map((value) => /nc=(\w+)/.exec(value ?? '')?.[1])).toEqual(['00000001', '00000002'])
  })

  test('other realms than the configured one are not answered', () => {
    const client = new DigestClient({ username: 'u', password: 'p', realm: 'mine' }, new SeededRandom(1))
    expect(client.attempt().challenge(respond([['www-authenticate', 'Digest realm="theirs", nonce="1"']]))).toBe(false)
  })
})
