import { beforeEach, describe, expect, test } from 'vitest'
import type { SessionTimerPolicy } from '../src/sip-stack.ts'
import { peerContact, peerSdp, ScriptedDialog } from './support/scripted-dialog.ts'
import { sdpOf } from './support/signalling-pair.ts'

const asking: SessionTimerPolicy = { mode: 'request', expiresS: 1_800, minS: 90 }
const off: SessionTimerPolicy = { mode: 'off', expiresS: 1_800, minS: 90 }
let line: ScriptedDialog

beforeEach(async () => {
  line = await ScriptedDialog.open()
})

describe('calls we make', () => {
  test('ask for a timer when told to, with Min-SE only above the least of the RFC', async () => {
    await line.dial({ sessionTimer: asking })
    const first = line.peer.request('INVITE').headers
    expect([first.get('session-expires'), first.get('min-se')]).toEqual(['1800', undefined])
    await line.dial({ sessionTimer: { mode: 'request', expiresS: 100, minS: 300 } })
    const second = line.peer.request('INVITE').headers
    expect([second.get('session-expires'), second.get('min-se')]).toEqual(['300', '300'])
  })

  test('require a timer when told to', async () => {
    await line.dial({ sessionTimer: { ...asking, mode: 'require' } })
    expect(line.peer.request('INVITE').headers.all('require')).toEqual(['timer'])
  })

  test('do not ask by default but say that they can', async () => {
    await line.dial()
    expect(line.peer.request('INVITE').headers.has('session-expires')).toBe(false)
    expect(line.peer.request('INVITE').headers.lists('supported', 'timer')).toBe(true)
  })

  test('neither offer nor keep a timer when it is off', async () => {
    await line.dialAnswered({ sessionTimer: off }, { 'session-expires': '90;refresher=uac' })
    expect(line.peer.request('INVITE').headers.all('supported')).toEqual(['100rel'])
    await line.clock.advance(600_000)
    expect(line.peer.labels).toEqual(['INVITE', 'ACK'])
  })

  test('are refreshed by us when the callee names nobody', async () => {
    await line.dialAnswered({ sessionTimer: asking }, { 'session-expires': '200', allow: 'UPDATE' })
    await line.clock.advance(99_000)
    expect(line.peer.labels).not.toContain('UPDATE')
    await line.clock.advance(2_000)
    expect(line.peer.labels).toContain('UPDATE')
    expect(line.peer.request('UPDATE').body).toHaveLength(0)
  })

  test('go on without a timer when the callee knows none', async () => {
    await line.dialAnswered({ sessionTimer: asking })
    await line.clock.advance(4_000_000)
    expect(line.peer.labels).toEqual(['INVITE', 'ACK'])
  })

  test('end with BYE and its reason when a refresh is not answered, or met by 481', async () => {
    await line.dialAnswered({ sessionTimer: asking }, { 'session-expires': '200;refresher=uac', allow: 'UPDATE' })
    await line.clock.advance(100_000)
    line.peer.respond(line.peer.request('UPDATE'), 481)
    await line.clock.advance(50)
    expect(line.peer.request('BYE').headers.get('reason')).toContain('SIP;cause=408;text=')
    expect(line.events.at(-1)).toMatchObject({ type: 'failed', cause: 'timeout' })
  })

  test('end before the time is up when refreshes are refused again and again', async () => {
    await line.dialAnswered({ sessionTimer: asking }, { 'session-expires': '200;refresher=uac', allow: 'UPDATE' })
    await line.clock.advance(100_000)
    line.peer.respond(line.peer.request('UPDATE'), 488)
    await line.clock.advance(67_000)
    expect(line.peer.labels).not.toContain('BYE')
    await line.clock.advance(1_000)
    expect(line.peer.request('BYE').headers.get('reason')).toBe('SIP;cause=408;text="session expired"')
  })

  test('raise the interval of a refresh that gets 422', async () => {
    await line.dialAnswered({ sessionTimer: asking }, { 'session-expires': '200;refresher=uac', allow: 'UPDATE' })
    await line.clock.advance(100_000)
    line.peer.respond(line.peer.request('UPDATE'), 422, { headers: { 'min-se': '400' } })
    await line.clock.advance(50)
    expect(line.peer.request('UPDATE').headers.get('session-expires')).toBe('400;refresher=uac')
    expect(line.peer.request('UPDATE').headers.get('min-se')).toBe('400')
  })

  test('keep the refresher when the session is changed by us', async () => {
    const call = await line.dialAnswered({}, { 'session-expires': '600;refresher=uas' })
    call.reoffer(1, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.request('INVITE').headers.get('session-expires')).toBe('600;refresher=uas')
  })

  test('an accepted change of ours is what a later refresh repeats', async () => {
    const call = await line.dialAnswered({}, { 'session-expires': '200;refresher=uac' })
    call.reoffer(1, sdpOf(4_002))
    await line.clock.advance(50)
    const headers = { ...peerContact, 'session-expires': '200;refresher=uac' }
    line.peer.respond(line.peer.request('INVITE'), 200, { sdp: peerSdp, headers })
    await line.clock.advance(100_100)
    expect(line.peer.request('INVITE').headers.get('cseq')).toBe('3 INVITE')
    expect(line.peer.request('INVITE').body.toString()).toBe(sdpOf(4_002))
  })

  test('a refresh by UPDATE, which offers nothing, does not keep the peer from offering', async () => {
    await line.dialAnswered({}, { 'session-expires': '200;refresher=uac', allow: 'UPDATE' })
    await line.clock.advance(100_000)
    expect(line.peer.labels).toContain('UPDATE')
    await line.send('INVITE', 1, { body: sdpOf(5_002) })
    expect(line.events.at(-1)).toMatchObject({ type: 'reoffer' })
  })

  test('a refresh waits for an offer of the peer', async () => {
    const call = await line.dialAnswered({}, { 'session-expires': '200;refresher=uac' })
    await line.clock.advance(99_900)
    await line.send('INVITE', 1, {
      body: sdpOf(5_002),
      headers: { 'session-expires': '200;refresher=uas', supported: 'timer' },
    })
    await line.clock.advance(1_000)
    expect(line.countRequests('INVITE')).toBe(1)
    call.reanswer(1, sdpOf(4_002))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').headers.get('session-expires')).toBe('200;refresher=uas')
  })
})

describe('calls we take', () => {
  const timer = (value: string) => ({ 'session-expires': value, supported: 'timer' })

  test('of a caller that names no refresher are refreshed by the caller', async () => {
    await line.beAnswered({ body: peerSdp, headers: timer('200') })
    expect(line.peer.response('INVITE').headers.get('session-expires')).toBe('200;refresher=uac')
    await line.clock.advance(167_500)
    expect(line.peer.labels).not.toContain('BYE')
    await line.clock.advance(1_000)
    expect(line.peer.labels).toContain('BYE')
  })

  test('are refreshed by us when the caller wants that, or cannot', async () => {
    await line.beAnswered({
      body: peerSdp,
      headers: { 'session-expires': '200', supported: '100rel', allow: 'UPDATE' },
    })
    expect(line.peer.response('INVITE').headers.get('session-expires')).toBe('200;refresher=uas')
    expect(line.peer.response('INVITE').headers.has('require')).toBe(false)
    await line.clock.advance(100_000)
    expect(line.peer.request('UPDATE').headers.get('session-expires')).toBe('200;refresher=uac')
  })

  test('get a timer of ours when that is the policy', async () => {
    const call = await line.beCalled()
    call.listen(() => {}, undefined, { sessionTimer: asking })
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').headers.get('session-expires')).toBe('1800;refresher=uas')
  })

  test('get one when it is off but the caller requires it', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: { ...timer('200'), require: 'timer' } })
    call.listen(() => {}, undefined, { sessionTimer: off })
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').headers.get('session-expires')).toBe('200;refresher=uac')
  })

  test('get none when it is off', async () => {
    const call = await line.beCalled({ body: peerSdp, headers: timer('200') })
    call.listen(() => {}, undefined, { sessionTimer: off })
    call.answer(sdpOf(4_000))
    await line.clock.advance(50)
    expect(line.peer.response('INVITE').headers.has('session-expires')).toBe(false)
  })

  test('too short an interval gets 422 with Min-SE, for a re-INVITE too; a caller that does not know 422 is spared', async () => {
    await line.beAnswered({ body: peerSdp, headers: { 'session-expires': '60' } })
    expect(line.peer.response('INVITE').headers.get('session-expires')).toBe('90;refresher=uas')
    await line.send('UPDATE', 2, { headers: timer('60') })
    expect(line.peer.response('UPDATE').status).toBe(422)
    expect(line.peer.response('UPDATE').headers.get('min-se')).toBe('90')
  })
})
