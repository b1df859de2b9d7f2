import { silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { UserAgent } from '../src/embedded/agent/user-agent.ts'
import { rfcTimers } from '../src/embedded/transaction/timer-values.ts'
import type { IncomingSipCall, SipCallEvent } from '../src/sip-stack.ts'
import { seedMessages } from './fuzz/seed-messages.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { labelOf, VirtualNetwork } from './support/virtual-network.ts'

/** The trunk, and somebody else. */
const trunk = '198.51.100.1'
const otherTrunk = '198.51.100.2'
const stranger = '203.0.113.66'
const us = '192.0.2.1'

let clock: VirtualClock
let network: VirtualNetwork
let agent: UserAgent
let calls: IncomingSipCall[]
let events: SipCallEvent[]
let onInvite: (call: IncomingSipCall) => void

beforeEach(async () => {
  clock = new VirtualClock()
  network = new VirtualNetwork(clock)
  calls = []
  events = []
  onInvite = (call) => call.answer(sdpOf(5_000))
  agent = await UserAgent.open({
    owner: {
      knowsSource: (address) => address === trunk || address === otherTrunk,
      isDraining: () => false,
      onInvite(call) {
        calls.push(call)
        call.listen((event) => events.push(event))
        onInvite(call)
      },
    },
    clock,
    random: new SeededRandom(3),
    logger: silentLogger,
    timers: rfcTimers,
    userAgent: 'parley/1.0.0',
    advertisedHost: us,
    openTransport: async (deliver) => network.attach(us, deliver),
  })
})

interface Fields {
  readonly uri?: string
  readonly via?: string
  readonly from?: string
  readonly to?: string
  readonly callId?: string
  readonly cseq?: number
  readonly more?: readonly string[]
  readonly source?: string
}

let branches = 0

function bytesOf(method: string, fields: Fields = {}): Buffer {
  branches += 1
  const via = fields.via ?? `SIP/2.0/UDP ${trunk}:5060;branch=z9hG4bK${branches};rport`
  return Buffer.from(
    [
      `${method} ${fields.uri ?? 'sip:100@us.test'} SIP/2.0`,
      `Via: ${via}`,
      `From: ${fields.from ?? '<sip:200@peer.test>;tag=caller'}`,
      `To: ${fields.to ?? '<sip:100@us.test>'}`,
      `Call-ID: ${fields.callId ?? 'call'}`,
      `CSeq: ${fields.cseq ?? 1} ${method}`,
      ...(fields.more ?? [`Contact: <sip:200@${trunk}>`]),
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  )
}

/** Sends a request and gives what leaves us within 100 ms. */
async function send(method: string, fields: Fields = {}): Promise<readonly string[]> {
  const from = network.sent.length
  network.inject(bytesOf(method, fields), fields.source ?? trunk, us)
  await clock.advance(100)
  return network.sent.slice(from).map(({ label, to }) => `${label} to ${to}`)
}

/** A call of the trunk that is up; gives the To value of its requests. */
async function callUp(more?: readonly string[]): Promise<string> {
  await send('INVITE', more ? { more } : {})
  const answer = network.sent.findLast(({ label }) => label === '200 INVITE')?.bytes.toString() ?? ''
  const to = /^To: (.*)\r$/m.exec(answer)?.[1] ?? ''
  await send('ACK', { to })
  return to
}

describe('a stranger gets no byte', () => {
  test.each(['OPTIONS', 'INVITE', 'REGISTER', 'BYE', 'CANCEL', 'ACK', 'SUBSCRIBE', 'REFER', 'NOTIFY', 'UNHEARD'])(
    'for %s, with a To tag or without',
    async (method) => {
      expect(await send(method, { source: stranger })).toEqual([])
      expect(await send(method, { source: stranger, to: '<sip:100@us.test>;tag=guessed', callId: 'other' })).toEqual([])
    },
  )

  test('for any message of the torture tests, broken or not', async () => {
    for (const bytes of seedMessages) network.inject(bytes, stranger, us)
    network.inject(Buffer.from('\r\n\r\n'), stranger, us)
    network.inject(Buffer.alloc(65_000, 0), stranger, us)
    await clock.advance(60_000)
    expect(network.sent).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })

  test('for repeating a request of the trunk: the answer goes to the trunk', async () => {
    const via = `SIP/2.0/UDP ${trunk}:5060;branch=z9hG4bKsame;rport`
    await send('OPTIONS', { via })
    expect(await send('OPTIONS', { via, source: stranger })).toEqual([`200 OPTIONS to ${trunk}`])
  })
})

describe('whoever does not know the tags of a call cannot touch it', () => {
  const wrong = ['<sip:100@us.test>', '<sip:100@us.test>;tag=', '<sip:100@us.test>;tag=0000000000000000']

  test.each(['BYE', 'INVITE', 'UPDATE', 'INFO', 'PRACK', 'REFER'])('%s with a wrong tag', async (method) => {
    const to = await callUp()
    for (const other of wrong.slice(1)) {
      expect(await send(method, { to: other, cseq: 2 })).toEqual([`481 ${method} to ${trunk}`])
    }
    const from = '<sip:200@peer.test>;tag=other'
    expect(await send(method, { to, from, cseq: 2 })).toEqual([`481 ${method} to ${trunk}`])
    expect(await send(method, { to, callId: 'other', cseq: 2 })).toEqual([`481 ${method} to ${trunk}`])
    expect(events).toEqual([])
    expect(await send('BYE', { to, cseq: 2 })).toContain(`200 BYE to ${trunk}`)
  })

  test('a BYE that is older than the call', async () => {
    const to = await callUp()
    expect(await send('BYE', { to, cseq: 1 })).toEqual([`500 BYE to ${trunk}`])
    expect(events).toEqual([])
  })

  test('a CANCEL of another branch, or after the answer', async () => {
    onInvite = (call) => call.ring()
    await send('INVITE', { via: `SIP/2.0/UDP ${trunk}:5060;branch=z9hG4bKcall` })
    expect(await send('CANCEL')).toEqual([`481 CANCEL to ${trunk}`])
    expect(await send('CANCEL', { source: stranger, via: `SIP/2.0/UDP ${trunk}:5060;branch=z9hG4bKcall` })).toEqual([])
    expect(events).toEqual([])
    calls[0]?.answer(sdpOf(5_000))
    expect(await send('CANCEL', { via: `SIP/2.0/UDP ${trunk}:5060;branch=z9hG4bKcall` })).toContain(
      `200 CANCEL to ${trunk}`,
    )
    expect(events).toEqual([])
  })

  test('an ACK with a wrong tag does not end the repetition of the 2xx', async () => {
    await send('INVITE')
    for (const to of wrong) await send('ACK', { to })
    const from = network.sent.length
    await clock.advance(10_000)
    expect(network.sent.slice(from).filter(({ label }) => label === '200 INVITE').length).toBeGreaterThan(2)
  })
})

describe('a request decides nothing about where we send', () => {
  test.each([
    ['Via', `SIP/2.0/UDP ${stranger}:5060;branch=z9hG4bKa`],
    ['Via with maddr', `SIP/2.0/UDP ${trunk};maddr=${stranger};branch=z9hG4bKb`],
    ['Via with received', `SIP/2.0/UDP ${trunk};received=${stranger};branch=z9hG4bKc`],
    ['Via with received and rport', `SIP/2.0/UDP ${trunk};received=${stranger};rport=9;branch=z9hG4bKd`],
    ['several Vias', `SIP/2.0/UDP ${stranger};branch=z9hG4bKe, SIP/2.0/UDP ${stranger};branch=z9hG4bKf`],
    ['an unreadable Via', `SIP/2.0/UDP ${stranger};;,`],
  ])('%s: the answer goes to the source', async (_name, via) => {
    const sent = await send('OPTIONS', { via })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatch(new RegExp(`^(200|400) OPTIONS to ${trunk.replaceAll('.', '\\.')}$`))
  })

  test('Route and Record-Route: the answer goes to the source', async () => {
    const more = [`Route: <sip:${stranger};lr>`, `Record-Route: <sip:${stranger};lr>`, `Contact: <sip:x@${stranger}>`]
    expect(await send('OPTIONS', { more })).toEqual([`200 OPTIONS to ${trunk}`])
    expect(new Set(await send('INVITE', { more }))).toEqual(
      new Set([`100 INVITE to ${trunk}`, `200 INVITE to ${trunk}`]),
    )
  })

  test.each([
    ['a Contact', [`Contact: <sip:200@10.0.0.5:22;transport=tcp>`]],
    ['a Contact of numbers', ['Contact: <sip:200@2130706433>']],
    ['a Contact of the machine', ['Contact: <sip:200@localhost>']],
    ['a Contact in IPv6', ['Contact: <sip:200@[::ffff:127.0.0.1]>']],
    ['a route', [`Contact: <sip:200@${trunk}>`, 'Record-Route: <sip:169.254.169.254:80;lr>']],
  ])('%s into our network: our BYE goes to where the call came from', async (_name, more) => {
    await callUp(more)
    const from = network.sent.length
    calls[0]?.hangup()
    await clock.advance(100)
    expect(network.sent.slice(from).map(({ label, to }) => `${label} to ${to}`)).toEqual([`BYE to ${trunk}`])
  })

  test('a Contact that is ourselves costs the packets of one BYE', async () => {
    await callUp([`Contact: <sip:200@${us}>`])
    const from = network.sent.length
    calls[0]?.hangup()
    await clock.advance(200_000)
    expect(network.sent.slice(from).length).toBeLessThanOrEqual(11)
    expect(agent.counters.live).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })
})

test('a flood of INVITEs is cut off, calls that are up go on, and nothing of it is left after it', async () => {
  const to = await callUp()
  onInvite = (call) => call.reject(486, 'Busy Here')
  network.fate = () => []
  for (let count = 0; count < 25_000; count += 1) {
    network.inject(bytesOf('INVITE', { callId: `flood-${count}` }), trunk, us)
    if (count % 5_000 === 0) network.sent.length = 0
  }
  expect(calls.length).toBeLessThanOrEqual(10_001)
  expect(agent.counters.refused).toBeGreaterThanOrEqual(14_900)
  expect(agent.counters.live).toBe(2)
  network.sent.length = 0
  expect(await send('INFO', { to, cseq: 2 })).toContain(`200 INFO to ${trunk}`)
  expect(await send('BYE', { to, cseq: 3 })).toContain(`200 BYE to ${trunk}`)
  expect(events).toEqual([{ type: 'bye' }])
}, 30_000)

test('a flood of large requests is cut off by what it holds', async () => {
  onInvite = (call) => call.reject(486, 'Busy Here')
  network.fate = () => []
  const more = [`Contact: <sip:200@${trunk}>`, `Subject: ${'x'.repeat(60_000)}`]
  for (let count = 0; count < 1_000; count += 1) {
    network.inject(bytesOf('INVITE', { callId: `flood-${count}`, more }), trunk, us)
  }
  expect(calls.length).toBeLessThan(600)
  await clock.advance(70_000)
  expect(clock.pendingTimers).toBe(0)
  expect(await send('OPTIONS')).toEqual([`200 OPTIONS to ${trunk}`])
})

test('what the trunk could cancel before a flood it can cancel in it', async () => {
  onInvite = (call) => call.ring()
  const via = `SIP/2.0/UDP ${trunk}:5060;branch=z9hG4bKcancelled;rport`
  await send('INVITE', { via })
  for (let count = 0; count < 10_000; count += 1) network.inject(bytesOf('OPTIONS', { callId: `${count}` }), trunk, us)
  const before = network.sent.length
  network.inject(bytesOf('OPTIONS'), trunk, us)
  expect(network.sent.slice(before).map(({ label }) => label)).toEqual(['503 OPTIONS'])
  const from = network.sent.length
  network.inject(bytesOf('CANCEL', { via }), trunk, us)
  expect(network.sent.slice(from).map(({ label }) => label)).toEqual(['200 CANCEL', '487 INVITE'])
}, 30_000)

test('a source that floods gets 503 until its transactions are forgotten, while another gets through', async () => {
  network.fate = () => []
  for (let count = 0; count < 12_000; count += 1) network.inject(bytesOf('OPTIONS', { callId: `${count}` }), trunk, us)
  network.sent.length = 0
  const again = bytesOf('INVITE', { callId: 'refused' })
  network.inject(again, trunk, us)
  network.inject(again, trunk, us)
  const [first, second] = network.sent.map(({ bytes }) => bytes.toString())
  expect(first).toMatch(/^SIP\/2\.0 503 .*\r\nTo: <sip:100@us\.test>;tag=[0-9a-f]+\r\n.*\r\nRetry-After: 32\r\n/s)
  expect(second).toBe(first)
  expect(await send('ACK', { callId: 'refused' })).toEqual([])
  const via = `SIP/2.0/UDP ${otherTrunk}:5060;branch=z9hG4bKother;rport`
  expect(await send('INVITE', { source: otherTrunk, via })).toContain(`200 INVITE to ${otherTrunk}`)
  expect(await send('OPTIONS', { source: stranger })).toEqual([])
  await clock.advance(33_000)
  expect(await send('OPTIONS')).toEqual([`200 OPTIONS to ${trunk}`])
  expect(agent.counters.refused).toBe(2_002)
}, 30_000)

describe('nobody is flooded through us', () => {
  /** Bytes that one request causes over a transaction's whole life, with nobody acknowledging anything. */
  async function echoOf(bytes: Buffer): Promise<{ readonly packets: number; readonly factor: number }> {
    const from = network.sent.length
    network.inject(bytes, trunk, us)
    await clock.advance(70_000)
    const sent = network.sent.slice(from)
    return { packets: sent.length, factor: sent.reduce((sum, packet) => sum + packet.bytes.length, 0) / bytes.length }
  }
  /** The least that our parser takes. */
  const least = (method: string) =>
    Buffer.from(
      `${method} sip:a SIP/2.0\r\nv:SIP/2.0/UDP a\r\nf:sip:a\r\nt:sip:a\r\ni:a${method}\r\nCSeq:1 ${method}\r\n\r\n`,
    )

  test.each(['BYE', 'REGISTER', 'SUBSCRIBE', 'REFER', 'UPDATE', 'CANCEL', 'UNHEARD', 'OPTIONS'])(
    'a common %s causes one packet that is not longer than itself',
    async (method) => {
      const more = [
        'Max-Forwards: 70',
        `Contact: <sip:200@${trunk}:5060>`,
        'User-Agent: carrier',
        'Supported: 100rel, timer, replaces',
        'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, PRACK, UPDATE, INFO, REFER, NOTIFY',
        'Accept: application/sdp',
      ]
      const { packets, factor } = await echoOf(bytesOf(method, { more }))
      expect(packets).toBe(1)
      expect(factor).toBeLessThanOrEqual(1)
    },
  )

  test.each(['BYE', 'REGISTER', 'UNHEARD', 'OPTIONS'])(
    'the least possible %s one of at most three and a half times its length',
    async (method) => {
      const { packets, factor } = await echoOf(least(method))
      expect(packets).toBe(1)
      expect(factor).toBeLessThan(3.5)
    },
  )

  test('a broken request causes one packet that is not longer than itself, or none', async () => {
    for (const bytes of seedMessages) {
      const broken = Buffer.from(bytes.toString('latin1').replace(/^CSeq:.*$/im, 'CSeq: x'), 'latin1')
      const { packets, factor } = await echoOf(broken)
      expect(packets).toBeLessThanOrEqual(1)
      expect(factor).toBeLessThanOrEqual(1)
    }
  })

  test('an INVITE that is refused causes the repeats of RFC 3261 and no more', async () => {
    onInvite = (call) => call.reject(404, 'Not Found')
    const { packets } = await echoOf(bytesOf('INVITE'))
    // 100, and the final response at 0, 0.5, 1.5, 3.5 s and every 4 s until 32 s.
    expect(packets).toBeLessThanOrEqual(1 + 11)
    expect(clock.pendingTimers).toBe(0)
  })
})

test('no text of an owner starts a header line', async () => {
  const evil = 'x\r\nRoute: <sip:evil@test>\r\n\r\nbody'
  agent.invite(
    {
      hop: { transport: 'udp', host: trunk, port: 5060 },
      requestUri: `sip:${evil}@peer.test`,
      from: `<sip:${evil}@peer.test>`,
      to: `"${evil}" <sip:100@peer.test>`,
      contactUser: evil,
      headers: [
        [evil, evil],
        ['X-Token', evil],
      ],
      sdp: sdpOf(4_000),
    },
    () => {},
  )
  onInvite = (call) => call.reject(480, evil)
  await send('INVITE')
  for (const { bytes } of network.sent) {
    const head = bytes.toString('latin1').split('\r\n\r\n')[0] ?? ''
    expect(head).not.toMatch(/^Route:/m)
    expect(head).toMatch(/^Content-Length: \d+$/m)
  }
  expect(network.sent.map(({ bytes }) => labelOf(bytes))).toEqual(expect.arrayContaining(['INVITE', '480 INVITE']))
})
