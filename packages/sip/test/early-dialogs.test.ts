import { beforeEach, describe, expect, test } from 'vitest'
import { peerContact, peerSdp, ScriptedDialog } from './support/scripted-dialog.ts'
import { sdpOf } from './support/signalling-pair.ts'

let line: ScriptedDialog

beforeEach(async () => {
  line = await ScriptedDialog.open()
})

describe('calls we make', () => {
  const provisional = async (
    status: number,
    more: { readonly rseq?: number; readonly sdp?: string; readonly tag?: string } = {},
  ) => {
    const reliable = more.rseq === undefined ? {} : { require: '100rel', rseq: String(more.rseq) }
    const headers = { ...peerContact, allow: 'UPDATE', ...reliable }
    line.peer.respond(line.peer.request('INVITE'), status, { ...more, headers })
    await line.clock.advance(50)
  }
  const answer = async (more: { readonly sdp?: string; readonly tag?: string } = {}) => {
    line.peer.respond(line.peer.request('INVITE'), 200, { ...more, headers: peerContact })
    await line.clock.advance(50)
  }

  test.each([
    ['off', [], ['timer']],
    ['supported', [], ['100rel', 'timer']],
    ['required', ['100rel'], ['100rel', 'timer']],
  ] as const)('with reliability %s say so', async (reliable, require, supported) => {
    await line.dial({ reliable })
    expect(line.peer.request('INVITE').headers.all('require')).toEqual(require)
    expect(line.peer.request('INVITE').headers.all('supported')).toEqual(supported)
  })

  test('report 180 after 183, and the description of the answer where it differs from the early one', async () => {
    await line.dial()
    await provisional(183, { sdp: peerSdp })
    await provisional(180)
    await answer({ sdp: sdpOf(5_002) })
    expect(line.events.slice(1)).toEqual([
      { type: 'ringing', status: 183, sdp: peerSdp },
      { type: 'ringing', status: 180 },
      { type: 'answered', sdp: sdpOf(5_002) },
    ])
  })

  test('acknowledge reliable responses of each phone by its own count', async () => {
    await line.dial()
    await provisional(183, { rseq: 5, tag: 'one' })
    await provisional(183, { rseq: 900, tag: 'two' })
    await provisional(180, { rseq: 6, tag: 'one' })
    await provisional(180, { rseq: 902, tag: 'two' })
    const pracks = line.peer.received.filter((message) => message.headers.has('rack'))
    expect(
      pracks.map((prack) => [prack.headers.get('rack'), /tag=(\w+)/.exec(prack.headers.get('to') ?? '')?.[1]]),
    ).toEqual([
      ['5 1 INVITE', 'one'],
      ['900 1 INVITE', 'two'],
      ['6 1 INVITE', 'one'],
    ])
  })

  test('change an early session by UPDATE once a reliable response has answered the offer', async () => {
    const call = await line.dial()
    await provisional(183, { sdp: peerSdp, rseq: 1 })
    call.reoffer(4, sdpOf(4_002))
    await line.clock.advance(50)
    const update = line.peer.request('UPDATE')
    expect(update.body.toString()).toBe(sdpOf(4_002))
    line.peer.respond(update, 200, { sdp: sdpOf(5_002), headers: peerContact })
    await answer()
    expect(line.events.slice(-2)).toEqual([
      { type: 'reoffer.answered', id: 4, sdp: sdpOf(5_002) },
      { type: 'answered', sdp: sdpOf(5_002) },
    ])
    expect(line.countRequests('INVITE')).toBe(1)
  })

  test('refuse to change what is not answered yet, or with several phones ringing', async () => {
    const call = await line.dial()
    await provisional(183, { sdp: peerSdp })
    call.reoffer(1, sdpOf(4_002))
    await provisional(183, { sdp: peerSdp, rseq: 1, tag: 'a' })
    await provisional(183, { sdp: peerSdp, rseq: 1, tag: 'b' })
    call.reoffer(2, sdpOf(4_002))
    expect(line.events.filter((event) => event.type === 'reoffer.refused')).toEqual([
      { type: 'reoffer.refused', id: 1, status: 491 },
      { type: 'reoffer.refused', id: 2, status: 491 },
    ])
    expect(line.peer.labels).not.toContain('UPDATE')
  })

  test('take an UPDATE of the callee before the answer, and its description is the one in force afterwards', async () => {
    const call = await line.dial()
    await provisional(183, { sdp: peerSdp, rseq: 1 })
    await line.send('UPDATE', 1, { body: sdpOf(5_002) })
    expect(line.events.at(-1)).toEqual({ type: 'reoffer', id: 1, sdp: sdpOf(5_002) })
    call.reanswer(1, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.response('UPDATE').body.toString()).toBe(sdpOf(4_002))
    await answer()
    expect(line.events.at(-1)).toEqual({ type: 'answered', sdp: sdpOf(5_002) })
  })

  test('answer an UPDATE with 491 while the first offer is open', async () => {
    await line.dial()
    await provisional(183, { sdp: peerSdp })
    await line.send('UPDATE', 1, { body: sdpOf(5_002) })
    expect(line.peer.response('UPDATE').status).toBe(491)
  })

  test('tell the offers of two phones apart', async () => {
    const call = await line.dial()
    for (const tag of ['a', 'b']) {
      await provisional(183, { sdp: peerSdp, rseq: 1, tag })
      await line.send('UPDATE', 1, { body: peerSdp, tag })
    }
    expect(line.events.filter((event) => event.type === 'reoffer').map((event) => event.id)).toEqual([1, 2])
    call.reanswer(2, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.response('UPDATE').headers.get('from')).toContain('tag=b')
  })

  test('keep at most twenty phones ringing, and still end the call of one that answers beyond', async () => {
    await line.dial()
    for (let phone = 0; phone < 30; phone += 1)
      await provisional(183, { sdp: sdpOf(5_000 + 2 * phone), tag: `p${phone}` })
    expect(line.types.filter((type) => type === 'ringing')).toHaveLength(20)
    await answer({ sdp: peerSdp, tag: 'p29' })
    await answer({ sdp: peerSdp, tag: 'p28' })
    expect(line.peer.labels.slice(-3)).toEqual(['ACK', 'ACK', 'BYE'])
    expect(line.types.at(-1)).toBe('answered')
  })

  test('forget a phone that says 199, and do not call that ringing', async () => {
    await line.dial()
    await provisional(180, { tag: 'busy' })
    await provisional(199, { tag: 'busy' })
    await line.send('OPTIONS', 1, { tag: 'busy' })
    expect(line.peer.response('OPTIONS').status).toBe(481)
    expect(line.types).toEqual(['trying', 'ringing'])
    await answer({ sdp: peerSdp, tag: 'other' })
    expect(line.types.at(-1)).toBe('answered')
  })
})

describe('calls we take', () => {
  const requires = { require: '100rel', supported: '100rel' }
  const prack = (cseq: number, more: { readonly body?: string; readonly rack?: string } = {}) => {
    const rack = more.rack ?? `${line.peer.response('INVITE').headers.get('rseq')} 1 INVITE`
    return line.send('PRACK', cseq, { headers: { rack }, ...(more.body === undefined ? {} : { body: more.body }) })
  }

  test('ring unreliably unless the caller must have it otherwise, or we want to and it can', async () => {
    const plain = await line.beCalled({ body: peerSdp, headers: { supported: '100rel' } })
    plain.ring()
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').headers.has('rseq')).toBe(false)
    plain.listen(() => {}, undefined, { reliable: true })
    plain.ring()
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').headers.has('rseq')).toBe(true)
    expect(line.peer.response('INVITE').headers.all('require')).toEqual(['100rel'])
  })

  test('send reliable responses one by one, numbered without a gap, each until its PRACK', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: requires })
    call.ring()
    call.ring(sdpOf(4_000))
    await line.clock.advance(50)
    const first = Number(line.peer.response('INVITE').headers.get('rseq'))
    await line.clock.advance(3_600)
    expect([line.count('180 INVITE'), line.count('183 INVITE')]).toEqual([4, 0])
    await prack(2)
    expect(line.peer.response('PRACK').status).toBe(200)
    expect(line.peer.response('INVITE').status).toBe(183)
    expect(Number(line.peer.response('INVITE').headers.get('rseq'))).toBe(first + 1)
    await prack(3)
    await line.clock.advance(40_000)
    expect([line.count('180 INVITE'), line.count('183 INVITE')]).toEqual([4, 1])
  })

  test('hold the answer until an early description is acknowledged, and do not repeat it then', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: requires })
    call.ring(sdpOf(4_000))
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.labels).not.toContain('200 INVITE')
    await prack(2)
    expect(line.peer.labels.slice(-2)).toEqual(['200 PRACK', '200 INVITE'])
    expect(line.peer.response('INVITE').body).toHaveLength(0)
    await line.send('ACK', 1, { branch: 'z9hG4bK-ack' })
    call.reoffer(1, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.request('INVITE').body.toString()).toBe(sdpOf(4_002))
  })

  test('answer at once over a reliable 180 without description, whose PRACK is still welcome', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: requires })
    call.ring()
    await line.clock.advance(50)
    const rack = `${line.peer.response('INVITE').headers.get('rseq')} 1 INVITE`
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').body.toString()).toBe(sdpOf(4_000))
    await prack(2, { rack })
    expect(line.peer.response('PRACK').status).toBe(200)
    await prack(3, { rack })
    expect(line.peer.response('PRACK').status).toBe(481)
  })

  test('take the answer to an early offer of ours from the PRACK', async () => {
    const call = await line.beCalled({ headers: requires })
    call.ring()
    await line.clock.advance(50)
    expect(line.peer.labels).toEqual(['100 INVITE'])
    call.ring(sdpOf(4_000))
    await line.clock.advance(50)
    await prack(2, { body: peerSdp })
    expect(line.phone.events).toEqual([{ type: 'answered', sdp: peerSdp }])
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE')).toMatchObject({ status: 200 })
    expect(line.peer.response('INVITE').body).toHaveLength(0)
  })

  test('take an offer from the PRACK and answer it in the 200', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: requires })
    call.ring(sdpOf(4_000))
    await line.clock.advance(50)
    await prack(2, { body: sdpOf(5_002) })
    expect(line.phone.events).toEqual([{ type: 'reoffer', id: 1, sdp: sdpOf(5_002) }])
    call.reanswer(1, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.response('PRACK').body.toString()).toBe(sdpOf(4_002))
  })

  test('are answered only after an offer in the PRACK, or in an UPDATE, was', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: requires })
    call.ring(sdpOf(4_000))
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    await prack(2, { body: sdpOf(5_002) })
    expect(line.peer.labels).not.toContain('200 INVITE')
    call.reanswer(1, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.labels.slice(-2)).toEqual(['200 PRACK', '200 INVITE'])
  })

  test('that are given up while their answer is held are not answered', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: requires })
    call.ring(sdpOf(4_000))
    await line.clock.advance(50)
    await prack(2, { body: sdpOf(5_002) })
    call.answer(sdpOf(4_000))
    await line.send('BYE', 3)
    expect(line.peer.labels.slice(-3)).toEqual(['200 BYE', '487 PRACK', '487 INVITE'])
    expect(line.peer.labels).not.toContain('200 INVITE')
  })

  test('are changed by UPDATE before the answer, from either side, once the offer is answered', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: { ...requires, allow: 'INVITE, UPDATE' } })
    call.ring(sdpOf(4_000))
    await line.clock.advance(50)
    await line.send('UPDATE', 2, { body: sdpOf(5_002) })
    expect(line.peer.response('UPDATE').status).toBe(491)
    await prack(3)
    call.reoffer(1, sdpOf(4_004))
    await line.clock.advance(50)
    expect(line.peer.request('UPDATE').body.toString()).toBe(sdpOf(4_004))
    line.peer.respond(line.peer.request('UPDATE'), 200, { sdp: sdpOf(5_004), headers: peerContact })
    await line.clock.advance(50)
    expect(line.phone.events).toEqual([{ type: 'reoffer.answered', id: 1, sdp: sdpOf(5_004) }])
    await line.send('UPDATE', 4, { body: sdpOf(5_006) })
    expect(line.phone.events.at(-1)).toEqual({ type: 'reoffer', id: 1, sdp: sdpOf(5_006) })
  })

  test('of a caller without UPDATE are changed by re-INVITE after the ACK', async () => {
    const call = await line.beCalled()
    call.reoffer(1, sdpOf(4_002))
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    await line.send('ACK', 1, { branch: 'z9hG4bK-ack' })
    expect(line.peer.request('INVITE').body.toString()).toBe(sdpOf(4_002))
  })

  test('ring with early media by 183', async () => {
    const call = await line.beCalled()
    call.ring(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE')).toMatchObject({ status: 183 })
    expect(line.peer.response('INVITE').body.toString()).toBe(sdpOf(4_000))
  })
})
