import { SeededRandom } from '@parley/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { glarePauseMs } from '../src/embedded/agent/own-offers.ts'
import { peerContact, peerSdp, ScriptedDialog } from './support/scripted-dialog.ts'
import { sdpOf } from './support/signalling-pair.ts'

const held = sdpOf(4_000).replace('a=sendrecv', 'a=sendonly')
let line: ScriptedDialog

beforeEach(async () => {
  line = await ScriptedDialog.open()
})

const refuse = async (status: number, headers: Readonly<Record<string, string>> = {}) => {
  line.peer.respond(line.peer.request('INVITE'), status, { headers })
  await line.clock.advance(50)
}
const accept = async (more: { readonly sdp?: string } = { sdp: peerSdp }) => {
  line.peer.respond(line.peer.request('INVITE'), 200, { ...more, headers: peerContact })
  await line.clock.advance(50)
}

describe('a re-INVITE of ours', () => {
  test('carries our offer, is acknowledged at every repeat of its 2xx and brings the answer once', async () => {
    const call = await line.dialAnswered()
    call.reoffer(7, held)
    await line.clock.advance(50)
    const invite = line.peer.request('INVITE')
    expect(invite.body.toString()).toBe(held)
    expect(invite.headers.get('cseq')).toBe('2 INVITE')
    expect(invite.headers.get('contact')).toContain('sip:200@us.test')
    await accept()
    await accept()
    expect(line.count('ACK')).toBe(3)
    const acks = line.peer.received.filter((message) => message.kind === 'request' && message.method === 'ACK').slice(1)
    expect(new Set(acks.map((ack) => ack.headers.get('via'))).size).toBe(1)
    expect(line.peer.request('ACK').headers.get('cseq')).toBe('2 ACK')
    expect(line.events.slice(-1)).toEqual([{ type: 'reoffer.answered', id: 7, sdp: peerSdp }])
    expect(line.types.filter((type) => type === 'reoffer.answered')).toHaveLength(1)
  })

  test.each([488, 603, 500, 415])('refused with %i leaves the call as it was', async (status) => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    await refuse(status)
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.refused', id: 1, status })
    expect(line.peer.labels).not.toContain('BYE')
  })

  test('whose 2xx has no description counts as refused, and is acknowledged', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    await accept({})
    expect(line.count('ACK')).toBe(2)
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.refused', id: 1, status: 488 })
  })

  test('is repeated with credentials when it is challenged', async () => {
    const call = await line.dialAnswered({ credentials: { username: 'u', password: 'p' } })
    call.reoffer(1, held)
    await line.clock.advance(50)
    await refuse(407, { 'proxy-authenticate': 'Digest realm="r", nonce="n", qop="auth"' })
    const again = line.peer.request('INVITE')
    expect(again.headers.get('proxy-authorization')).toContain('nonce="n"')
    expect(again.body.toString()).toBe(held)
    await accept()
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.answered', id: 1, sdp: peerSdp })
    expect(line.peer.request('ACK').headers.get('proxy-authorization')).toContain('nonce="n"')
  })

  test.each([481, 408])('that gets %i ends the call', async (status) => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    await refuse(status)
    expect(line.peer.labels).toContain('BYE')
    expect(line.events.at(-1)).toMatchObject({ type: 'failed', cause: 'timeout' })
  })

  test('that nobody answers ends the call after 32 s', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(31_900)
    expect(line.peer.labels).not.toContain('BYE')
    await line.clock.advance(200)
    expect(line.peer.labels).toContain('BYE')
  })

  test('that only ever gets a 100 is cancelled after 32 s, and the call goes on when the peer then refuses', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    line.peer.respond(line.peer.request('INVITE'), 100)
    await line.clock.advance(32_100)
    const cancel = line.peer.request('CANCEL')
    expect(cancel.headers.get('via')).toBe(line.peer.request('INVITE').headers.get('via'))
    line.peer.respond(cancel, 200)
    await refuse(487)
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.refused', id: 1, status: 487 })
    expect(line.peer.labels).not.toContain('BYE')
  })

  test('answered after we hung up still gets its ACK', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    call.hangup()
    await line.clock.advance(50)
    await accept()
    expect(line.count('ACK')).toBe(2)
    expect(line.types.at(-1)).toBe('bye')
  })

  test('waits for the one before it', async () => {
    const call = await line.dialAnswered()
    for (const id of [1, 2]) call.reoffer(id, sdpOf(4_000 + id))
    await line.clock.advance(50)
    expect(line.count('INVITE')).toBe(2)
    await refuse(488)
    expect(line.count('INVITE')).toBe(3)
    expect(line.peer.request('INVITE').body.toString()).toBe(sdpOf(4_002))
    await accept()
    expect(line.events.slice(-2)).toEqual([
      { type: 'reoffer.refused', id: 1, status: 488 },
      { type: 'reoffer.answered', id: 2, sdp: peerSdp },
    ])
  })

  test('is refused here when too many wait already, and before the call is answered', async () => {
    const call = await line.dial()
    call.reoffer(0, held)
    expect(line.events).toEqual([{ type: 'reoffer.refused', id: 0, status: 491 }])
    line.peer.respond(line.peer.request('INVITE'), 200, { sdp: peerSdp, headers: peerContact })
    await line.clock.advance(50)
    for (let id = 1; id <= 10; id += 1) call.reoffer(id, held)
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.refused', id: 10, status: 491 })
  })

  test('waits for the ACK of our answer', async () => {
    const call = await line.beCalled()
    call.answer(sdpOf(4_000))
    call.reoffer(1, held)
    await line.clock.advance(400)
    expect(line.peer.labels).not.toContain('INVITE')
    await line.send('ACK', 1, { branch: 'z9hG4bK-ack' })
    expect(line.peer.request('INVITE').body.toString()).toBe(held)
  })

  test('waits while an offer of the peer is undecided or its answer unacknowledged', async () => {
    const call = await line.dialAnswered()
    await line.send('INVITE', 1, { body: sdpOf(5_002) })
    call.reoffer(9, held)
    call.reanswer(1, sdpOf(4_002))
    await line.clock.advance(100)
    expect(line.count('INVITE')).toBe(1)
    await line.send('ACK', 1, { branch: 'z9hG4bK-reack' })
    expect(line.count('INVITE')).toBe(2)
    expect(line.peer.request('INVITE').body.toString()).toBe(held)
  })
})

describe('glare', () => {
  test.each([
    ['chose the Call-ID', true, 2_100, 4_000],
    ['did not choose the Call-ID', false, 0, 2_000],
  ])('the side that %s waits between the times of the RFC, in steps of 10 ms', (_side, owns, least, most) => {
    const random = new SeededRandom(1)
    const pauses = Array.from({ length: 2_000 }, () => glarePauseMs(owns, random))
    expect(Math.min(...pauses)).toBe(least)
    expect(Math.max(...pauses)).toBe(most)
    expect(pauses.every((pause) => pause % 10 === 0)).toBe(true)
  })

  test('both sides offer at once: each refuses the other, ours comes again and goes through', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    await line.send('INVITE', 1, { body: sdpOf(5_002) })
    expect(line.peer.response('INVITE').status).toBe(491)
    await refuse(491)
    await line.clock.advance(1_900)
    expect(line.countRequests('INVITE')).toBe(2)
    await line.clock.advance(2_200)
    expect(line.countRequests('INVITE')).toBe(3)
    await accept()
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.answered', id: 1, sdp: peerSdp })
  })

  test('during our pause the peer may make its own change, and ours follows it', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    await refuse(491)
    await line.send('INVITE', 1, { body: sdpOf(5_002) })
    expect(line.events.at(-1)).toEqual({ type: 'reoffer', id: 1, sdp: sdpOf(5_002) })
    await line.clock.advance(4_500)
    expect(line.countRequests('INVITE')).toBe(2)
    call.reanswer(1, sdpOf(4_002))
    await line.clock.advance(50)
    await line.send('ACK', 1, { branch: 'z9hG4bK-reack' })
    expect(line.countRequests('INVITE')).toBe(3)
  })

  test('endless glare is given up after five tries', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    for (let round = 0; round < 8; round += 1) {
      await line.clock.advance(4_100)
      if (line.countRequests('INVITE') > round + 1) await refuse(491)
    }
    expect(line.countRequests('INVITE')).toBe(1 + 5)
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.refused', id: 1, status: 491 })
  })

  test('a peer that is busy with its own offer is asked again after its Retry-After, unless it is long', async () => {
    const call = await line.dialAnswered()
    call.reoffer(1, held)
    await line.clock.advance(50)
    await refuse(500, { 'retry-after': '3' })
    await line.clock.advance(2_900)
    expect(line.countRequests('INVITE')).toBe(2)
    await line.clock.advance(200)
    expect(line.countRequests('INVITE')).toBe(3)
    await refuse(500, { 'retry-after': '11' })
    expect(line.events.at(-1)).toEqual({ type: 'reoffer.refused', id: 1, status: 500 })
  })
})

describe('keys by INFO', () => {
  test('go out one after the other as dtmf-relay', async () => {
    const call = await line.dialAnswered()
    for (const key of ['5', '#', 'x']) call.sendKey(key, 160)
    await line.clock.advance(50)
    const info = line.peer.request('INFO')
    expect(info.headers.get('content-type')).toBe('application/dtmf-relay')
    expect(info.body.toString()).toBe('Signal=5\r\nDuration=160\r\n')
    expect(line.count('INFO')).toBe(1)
    line.peer.respond(info, 415)
    await line.clock.advance(50)
    expect(line.peer.request('INFO').body.toString()).toBe('Signal=#\r\nDuration=160\r\n')
    line.peer.respond(line.peer.request('INFO'), 200)
    await line.clock.advance(50)
    expect(line.count('INFO')).toBe(2)
  })

  test('that meet a peer who does not know the call end it', async () => {
    const call = await line.dialAnswered()
    call.sendKey('5', 160)
    call.sendKey('6', 160)
    await line.clock.advance(50)
    line.peer.respond(line.peer.request('INFO'), 481)
    await line.clock.advance(50)
    expect(line.count('INFO')).toBe(1)
    expect(line.peer.labels).toContain('BYE')
    expect(line.events.at(-1)).toMatchObject({ type: 'failed', detail: 'the peer does not know the call' })
  })

  test('what we send is what we understand', async () => {
    const other = await ScriptedDialog.open()
    const call = await line.dialAnswered()
    await other.beAnswered()
    call.sendKey('*', 1)
    await line.clock.advance(50)
    const info = line.peer.request('INFO')
    await other.send('INFO', 2, { headers: { 'content-type': 'application/dtmf-relay' }, body: info.body.toString() })
    expect(other.phone.events).toEqual([{ type: 'dtmf', key: '*' }])
  })
})
