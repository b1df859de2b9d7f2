import { VirtualClock } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import type { SipCall, SipCallEvent } from '../src/sip-stack.ts'
import { peerContact, peerSdp, ScriptedDialog } from './support/scripted-dialog.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { inviteTo, openPhone, VirtualNetwork } from './support/virtual-network.ts'

const credentials = { username: 'u', password: 'p' }
const challengeOf = (nonce: string, more = '') => ({
  'www-authenticate': `Digest realm="r", nonce="${nonce}", qop="auth"${more}`,
})
const shown = (line: ScriptedDialog, method: string) => {
  const value = line.peer.request(method).headers.get('authorization')
  return [/nonce="([^"]*)"/.exec(value ?? '')?.[1], /nc=(\w+)/.exec(value ?? '')?.[1]]
}

describe('as a client', () => {
  const changes: readonly (readonly [string, (call: SipCall) => void])[] = [
    ['INVITE', (call) => call.reoffer(1, sdpOf(4_002))],
    ['BYE', (call) => call.hangup()],
    ['INFO', (call) => call.sendKey('1', 100)],
    ['REFER', (call) => call.refer('sip:bob@peer.test')],
  ]

  test.each(changes)(
    'a challenged %s is repeated with credentials, and only once for a wrong password',
    async (method, act) => {
      const line = await ScriptedDialog.open()
      const call = await line.dialAnswered({ credentials })
      act(call)
      await line.clock.advance(50)
      const before = line.countRequests(method)
      for (const nonce of ['a', 'b', 'c']) {
        line.peer.respond(line.peer.request(method), 401, { headers: challengeOf(nonce) })
        await line.clock.advance(50)
      }
      expect(line.countRequests(method)).toBe(before + 1)
      expect(shown(line, method)).toEqual(['a', '00000001'])
    },
  )

  test.each(['PRACK', 'UPDATE'])('a challenged %s of an early dialog is repeated with credentials', async (method) => {
    const line = await ScriptedDialog.open()
    const call = await line.dial({ credentials })
    const headers = { ...peerContact, allow: 'UPDATE', require: '100rel', rseq: '1' }
    line.peer.respond(line.peer.request('INVITE'), 183, { sdp: peerSdp, headers })
    await line.clock.advance(50)
    if (method === 'UPDATE') call.reoffer(1, sdpOf(4_002))
    await line.clock.advance(50)
    line.peer.respond(line.peer.request(method), 401, { headers: challengeOf('a') })
    await line.clock.advance(50)
    expect(shown(line, method)).toEqual(['a', '00000001'])
    if (method === 'PRACK') expect(line.peer.request(method).headers.get('rack')).toBe('1 1 INVITE')
  })

  test('a nonce that grew stale is replaced, later requests bring credentials along, and nextnonce is obeyed', async () => {
    const line = await ScriptedDialog.open()
    const call = await line.dial({ credentials })
    for (const [nonce, more] of [
      ['a', ''],
      ['b', ', stale=true'],
    ] as const) {
      line.peer.respond(line.peer.request('INVITE'), 401, { headers: challengeOf(nonce, more) })
      await line.clock.advance(50)
    }
    line.peer.respond(line.peer.request('INVITE'), 200, { sdp: peerSdp, headers: peerContact })
    await line.clock.advance(50)
    call.sendKey('1', 100)
    await line.clock.advance(50)
    expect(shown(line, 'INFO')).toEqual(['b', '00000002'])
    line.peer.respond(line.peer.request('INFO'), 200, { headers: { 'authentication-info': 'nextnonce="c", qop=auth' } })
    await line.clock.advance(50)
    call.sendKey('2', 100)
    await line.clock.advance(50)
    expect(shown(line, 'INFO')).toEqual(['c', '00000001'])
    line.peer.respond(line.peer.request('INFO'), 401, { headers: challengeOf('d') })
    await line.clock.advance(50)
    expect(shown(line, 'INFO')).toEqual(['d', '00000001'])
  })

  test('a proxy and a callee that both ask get both answers', async () => {
    const line = await ScriptedDialog.open()
    await line.dial({ credentials })
    const proxy = { 'proxy-authenticate': 'Digest realm="proxy", nonce="x", qop="auth"' }
    line.peer.respond(line.peer.request('INVITE'), 407, { headers: proxy })
    await line.clock.advance(50)
    line.peer.respond(line.peer.request('INVITE'), 401, { headers: challengeOf('a') })
    await line.clock.advance(50)
    const { headers } = line.peer.request('INVITE')
    expect(headers.get('proxy-authorization')).toContain('nc=00000002')
    expect(headers.get('authorization')).toContain('realm="r"')
    expect([headers.all('authorization'), headers.all('proxy-authorization')].map(({ length }) => length)).toEqual([
      1, 1,
    ])
  })
})

describe('as a server', () => {
  const callWith = async (password: string | undefined, calls = 1) => {
    const clock = new VirtualClock()
    const network = new VirtualNetwork(clock)
    const callee = await openPhone(network, clock, 'callee.test', (call) => call.answer(sdpOf(5_000)), {
      inboundAccounts: (source) => (source === 'caller.test' ? [{ username: 'u', password: 'right' }] : []),
    })
    const caller = await openPhone(network, clock, 'caller.test')
    const events: SipCallEvent[] = []
    for (let call = 0; call < calls; call += 1) {
      const more = password === undefined ? {} : { credentials: { username: 'u', password } }
      caller.agent.invite(inviteTo('callee.test', more), (event) => events.push(event))
      await clock.advance(100)
    }
    return { events, labels: network.labels, callee }
  }

  test('a caller that proves its account is let in, and the call says who it is', async () => {
    const { labels, callee, events } = await callWith('right')
    expect(labels).toEqual(['INVITE', '401 INVITE', 'ACK', 'INVITE', '100 INVITE', '200 INVITE', 'ACK'])
    expect(callee.calls.map((call) => call.account)).toEqual(['u'])
    expect(events.at(-1)?.type).toBe('answered')
  })

  test('a caller with a wrong password or none never becomes a call', async () => {
    const wrong = await callWith('wrong')
    expect(wrong.labels).toEqual(['INVITE', '401 INVITE', 'ACK', 'INVITE', '401 INVITE', 'ACK'])
    expect(wrong.events).toEqual([{ type: 'failed', cause: 'auth', detail: '401 was not satisfied' }])
    const none = await callWith(undefined)
    expect(none.labels).toEqual(['INVITE', '401 INVITE', 'ACK'])
    expect([...wrong.callee.calls, ...none.callee.calls]).toEqual([])
  })

  test('a caller that guesses gets 403 after ten guesses', async () => {
    const { labels } = await callWith('wrong', 12)
    expect(labels.filter((label) => label === '403 INVITE')).toHaveLength(2)
  })

  test('sources that are not asked call as before', async () => {
    const clock = new VirtualClock()
    const network = new VirtualNetwork(clock)
    const callee = await openPhone(network, clock, 'callee.test', () => {}, { inboundAccounts: () => [] })
    const caller = await openPhone(network, clock, 'caller.test')
    caller.agent.invite(inviteTo('callee.test'), () => {})
    await clock.advance(100)
    expect(callee.calls.map((call) => call.account)).toEqual([undefined])
  })
})
