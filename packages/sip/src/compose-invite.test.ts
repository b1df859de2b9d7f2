import { Secret } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { composeInvite } from './compose-invite.ts'
import { Headers } from './embedded/message/headers.ts'
import { parseNameAddress } from './embedded/message/name-address.ts'
import { parseMessage } from './embedded/message/parse-message.ts'
import { noBody } from './embedded/message/sip-message.ts'
import { parseUri } from './embedded/message/sip-uri.ts'
import { writeMessage } from './embedded/message/write-message.ts'
import type { OutgoingInvite } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'

const gateway = { host: '192.0.2.1', port: 5070, transport: 'udp' } as const
const parties = { callee: '008613012345678', caller: '+8675512345678' }

const compose = (more: Partial<TrunkConfig> = {}, who = parties) =>
  composeInvite(
    { name: 't', gateways: [gateway], auth: { kind: 'none' }, numbers: [], ...more },
    gateway,
    gateway,
    who,
    'v=0',
  )

const headers = (more: Partial<TrunkConfig>) => compose(more)?.headers

test('a trunk that asks for nothing gets the numbers as they are and no further header', () => {
  expect(compose()).toMatchObject({
    requestUri: 'sip:008613012345678@192.0.2.1:5070',
    from: '<sip:+8675512345678@192.0.2.1>',
    to: '<sip:008613012345678@192.0.2.1>',
    contactUser: '+8675512345678',
    headers: [],
  })
})

describe('request URI', () => {
  test.each<[Partial<TrunkConfig>, string]>([
    [{ rewrite: { called: { format: 'e164' } } }, 'sip:+8613012345678@192.0.2.1:5070'],
    [{ calleeFormat: 'e164', userPhone: true }, 'sip:+8613012345678@192.0.2.1:5070;user=phone'],
    [{ prefix: '9#', rewrite: { called: { format: 'plain' } } }, 'sip:9%238613012345678@192.0.2.1:5070'],
    [{ requestDomain: 'parley.pstn.test' }, 'sip:008613012345678@parley.pstn.test'],
    [
      { rewrite: { called: { format: 'national', countryCode: '86', mobilePrefix: '0' } } },
      'sip:013012345678@192.0.2.1:5070',
    ],
  ])('with %o it is %s', (more, uri) => {
    expect(compose(more)?.requestUri).toBe(uri)
  })

  test('the target stays the gateway whatever domain it names, and To names the same', () => {
    expect(compose({ requestDomain: 'parley.pstn.test' })).toMatchObject({
      hop: { host: '192.0.2.1', port: 5070 },
      to: '<sip:008613012345678@parley.pstn.test>',
    })
  })
})

describe('From', () => {
  const auth = { kind: 'digest', username: 'acct', password: new Secret('p') } as const

  test.each<[Partial<TrunkConfig>, string]>([
    [{ fromDomain: 'us.test' }, '<sip:+8675512345678@us.test>'],
    [{ rewrite: { from: { format: 'plain' } } }, '<sip:8675512345678@192.0.2.1>'],
    [{ auth, identity: { fromUser: 'account' } }, '<sip:acct@192.0.2.1>'],
    [{ auth: { ...auth, account: '201' }, identity: { fromUser: 'account' } }, '<sip:201@192.0.2.1>'],
    [{ identity: { fromUser: { fixed: 'main' } } }, '<sip:main@192.0.2.1>'],
    [
      { identity: { displayName: 'Dr. "No" \\ {{caller}}' } },
      '"Dr. \\"No\\" \\\\ +8675512345678" <sip:+8675512345678@192.0.2.1>',
    ],
    [{ identity: { privacy: 'id', displayName: 'Me' } }, '"Anonymous" <sip:anonymous@anonymous.invalid>'],
  ])('with %o it is %s', (more, from) => {
    expect(compose(more)?.from).toBe(from)
  })

  test('a withheld number is in neither From nor Contact', () => {
    const invite = compose({ identity: { privacy: 'id', asserted: 'sip' } })
    expect(`${invite?.from}${invite?.contactUser}`).not.toContain('12345678')
    expect(invite?.headers).toEqual([
      ['p-asserted-identity', '<sip:+8675512345678@192.0.2.1>'],
      ['privacy', 'id'],
    ])
  })
})

test.each<[Partial<TrunkConfig>, readonly (readonly [string, string])[]]>([
  [
    { identity: { asserted: 'both' }, userPhone: true },
    [
      ['p-asserted-identity', '<sip:+8675512345678@192.0.2.1;user=phone>'],
      ['p-asserted-identity', '<tel:+8675512345678>'],
    ],
  ],
  [
    { identity: { asserted: 'tel' }, rewrite: { asserted: { format: 'plain' } }, fromDomain: 'us.test' },
    [['p-asserted-identity', '<tel:8675512345678;phone-context=us.test>']],
  ],
  [{ identity: { asserted: 'sip', assertedNumber: '+861000' } }, [['p-asserted-identity', '<sip:+861000@192.0.2.1>']]],
  [{ identity: { preferred: 'sip' } }, [['p-preferred-identity', '<sip:+8675512345678@192.0.2.1>']]],
  [
    { identity: { remoteParty: true } },
    [['remote-party-id', '<sip:+8675512345678@192.0.2.1>;party=calling;screen=yes;privacy=off']],
  ],
  [
    { identity: { diversion: '+861000', historyInfo: '+862000' }, fromDomain: 'us.test' },
    [
      ['diversion', '<sip:+861000@us.test>;reason=unconditional;counter=1'],
      ['history-info', '<sip:+862000@us.test>;index=1'],
      ['history-info', '<sip:008613012345678@192.0.2.1>;index=1.1'],
    ],
  ],
  [
    { headers: [{ name: 'X-Token', value: 'abc;from={{caller}};to={{callee}}' }] },
    [['x-token', 'abc;from=+8675512345678;to=008613012345678']],
  ],
])('identity %o becomes %j', (more, expected) => {
  expect(headers(more)).toEqual(expected)
})

describe('hostile input', () => {
  const pieces = [
    '\r\n',
    '\n',
    '\r',
    '\0',
    '%0d%0a',
    '\u010D\u010A',
    '\u2028',
    '"',
    '\\',
    '<',
    '>',
    ';',
    ',',
    '@',
    '?',
    ':',
    ' ',
    '\t',
    'Route: <sip:evil.test>',
    'Contact: <sip:evil.test>',
    'tag=1',
    'sip:',
    '{{caller}}',
    '+86',
    '130',
    '*67',
    '#31#',
    'é',
    '电话',
    '%',
  ]
  const random = new SeededRandom(4)
  const pick = (count: number) => (random.bytes(1)[0] ?? 0) % count
  const hostile = () => Array.from({ length: 1 + pick(6) }, () => pieces[pick(pieces.length)]).join('')

  const wire = (invite: OutgoingInvite) => {
    const fields = new Headers([
      { name: 'via', value: 'SIP/2.0/UDP us.test;branch=z9hG4bK1' },
      { name: 'from', value: `${invite.from};tag=ours` },
      { name: 'to', value: invite.to },
      { name: 'call-id', value: 'c' },
      { name: 'cseq', value: '1 INVITE' },
    ])
    for (const [name, value] of invite.headers) fields.add(name, value)
    return writeMessage({ kind: 'request', method: 'INVITE', uri: invite.requestUri, headers: fields, body: noBody })
  }

  test('no number and no display name adds a header, a parameter or another target', () => {
    const trunk: Partial<TrunkConfig> = {
      fromDomain: 'us.test',
      headers: [{ name: 'X-Token', value: '{{caller}} {{callee}}' }],
    }
    let composed = 0
    for (let round = 0; round < 3_000; round += 1) {
      const displayName = hostile()
      const who = { callee: pick(3) ? hostile() : '130', caller: pick(3) ? hostile() : '131' }
      const invite = compose({ ...trunk, identity: { displayName, asserted: 'both', remoteParty: true } }, who)
      if (!invite) continue
      composed += 1
      const seen = JSON.stringify({ who, displayName })
      const parsed = parseMessage(wire(invite))
      if (!parsed.ok) throw new Error(`unreadable: ${seen}`)
      expect([...parsed.message.headers].map(({ name }) => name).join(' '), seen).toBe(
        'via from to call-id cseq p-asserted-identity p-asserted-identity remote-party-id x-token content-length',
      )
      const from = parseNameAddress(parsed.message.headers.get('from') ?? '')
      expect([...(from?.params ?? [])], seen).toEqual([['tag', 'ours']])
      expect(parseUri(from?.uri ?? ''), seen).toMatchObject({ host: 'us.test', params: new Map() })
      expect(parseUri(invite.requestUri), seen).toMatchObject({ host: '192.0.2.1', port: 5070, params: new Map() })
    }
    expect(composed).toBeGreaterThan(300)
  })
})
