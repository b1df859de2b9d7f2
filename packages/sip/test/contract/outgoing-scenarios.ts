import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SipRequest } from '../../src/embedded/message/sip-message.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { PeerDialog } from './peer-dialog.ts'
import { type OpenStack, type Scene, sceneFor } from './stack-under-test.ts'

const sdp = sdpOf(5_000)
const credentials = { username: 'alice', password: 'wonder' }

/** Calls we make, until they are answered or not. */
export function describeOutgoing(open: OpenStack): void {
  describe('an outgoing call', () => {
    const scene = sceneFor(open)

    test('that is answered gets an ACK, and BYE when it is hung up', async () => {
      const { peer } = scene.current
      const { call, log } = scene.current.dial({ headers: [['X-Tenant', 'blue']] })
      const invite = await peer.request('INVITE')
      expect(invite.uri).toBe(`sip:+8613012345678@127.0.0.1:${peer.port}`)
      expect(invite.headers.get('from')).toContain('<sip:+8675500000000@carrier.test>')
      expect(invite.headers.get('contact')).toContain('sip:+8675500000000@127.0.0.1')
      expect(invite.headers.get('x-tenant')).toBe('blue')
      expect(invite.body.toString()).toBe(sdpOf(40_000))
      peer.respond(invite, 180)
      expect(await log.until('ringing')).toEqual({ type: 'ringing', status: 180 })
      peer.respond(invite, 200, { sdp })
      expect(await log.until('answered')).toEqual({ type: 'answered', sdp })
      await peer.request('ACK')
      call.hangup()
      peer.respond(await peer.request('BYE'), 200)
      await log.until('bye')
      expect(log.types).toEqual(['trying', 'ringing', 'answered', 'bye'])
    })

    test('ends with the cause of the peer that hangs up', async () => {
      const { peer } = scene.current
      const { log } = scene.current.dial()
      const dialog = await answer(scene.current)
      await log.until('answered')
      dialog.send('BYE', { headers: { reason: 'Q.850;cause=16' } })
      expect((await peer.response('BYE')).status).toBe(200)
      expect(await log.until('bye')).toEqual({ type: 'bye', q850: 16 })
    })

    test.each([302, 404, 486, 503, 603])('that is refused with %i says so', async (status) => {
      const { peer } = scene.current
      const { log } = scene.current.dial()
      const invite = await peer.request('INVITE')
      peer.respond(invite, status, { headers: { reason: 'Q.850;cause=17' } })
      expect(await log.until('rejected')).toMatchObject({ type: 'rejected', status, q850: 17 })
      await peer.request('ACK')
    })

    test('that is refused with a Retry-After says when to come again', async () => {
      const { peer } = scene.current
      const { log } = scene.current.dial()
      peer.respond(await peer.request('INVITE'), 503, { headers: { 'retry-after': '120' } })
      expect(await log.until('rejected')).toMatchObject({ status: 503, retryAfterS: 120 })
      await peer.request('ACK')
    })

    test.each([
      [401, 'www-authenticate', 'authorization'],
      [407, 'proxy-authenticate', 'proxy-authorization'],
    ])('that is challenged with %i comes again with credentials', async (status, challenge, answerHeader) => {
      const { peer } = scene.current
      const { log } = scene.current.dial({ credentials })
      const first = await peer.request('INVITE')
      peer.respond(first, status, { headers: { [challenge]: 'Digest realm="r", nonce="n1", qop="auth"' } })
      const second = await peer.request('INVITE')
      expect(second.headers.get('call-id')).toBe(first.headers.get('call-id'))
      expect(second.headers.get('from')).toBe(first.headers.get('from'))
      expect(Number.parseInt(second.headers.get('cseq') ?? '', 10)).toBe(
        Number.parseInt(first.headers.get('cseq') ?? '', 10) + 1,
      )
      expectDigest(second, answerHeader)
      peer.respond(second, 200, { sdp })
      await log.until('answered')
    })

    test('whose credentials are refused fails', async () => {
      const { peer } = scene.current
      const { log } = scene.current.dial({ credentials })
      const headers = { 'www-authenticate': 'Digest realm="r", nonce="n1"' }
      peer.respond(await peer.request('INVITE'), 401, { headers })
      peer.respond(await peer.request('INVITE'), 401, { headers })
      expect(await log.until('failed')).toMatchObject({ cause: 'auth' })
    })

    test('that is hung up before any response is over at once and cancelled later', async () => {
      const { peer } = scene.current
      const { call, log } = scene.current.dial()
      const invite = await peer.request('INVITE')
      call.hangup()
      expect(await log.until('rejected')).toMatchObject({ status: 487 })
      peer.respond(invite, 180)
      peer.respond(await peer.request('CANCEL'), 200)
      peer.respond(invite, 487)
      await peer.request('ACK')
    })

    test('that is hung up while it rings is cancelled', async () => {
      const { peer } = scene.current
      const { call, log } = scene.current.dial()
      const invite = await peer.request('INVITE')
      peer.respond(invite, 180)
      await log.until('ringing')
      call.hangup()
      const cancel = await peer.request('CANCEL')
      expect(cancel.headers.get('via')).toBe(invite.headers.get('via'))
      peer.respond(cancel, 200)
      peer.respond(invite, 487)
      expect(await log.until('rejected')).toMatchObject({ status: 487 })
      await peer.request('ACK')
    })

    test('whose answer crosses the CANCEL is ended with BYE', async () => {
      const { peer } = scene.current
      const { call, log } = scene.current.dial()
      const invite = await peer.request('INVITE')
      peer.respond(invite, 180)
      await log.until('ringing')
      call.hangup()
      const cancel = await peer.request('CANCEL')
      peer.respond(invite, 200, { sdp })
      peer.respond(cancel, 200)
      await peer.request('ACK')
      peer.respond(await peer.request('BYE'), 200)
      expect(await log.until('rejected')).toMatchObject({ status: 487 })
      expect(log.types).not.toContain('answered')
    })

    test('is sent on to an allowed host by a 302', async () => {
      const { peer } = scene.current
      const { log } = scene.current.dial({ redirects: { allowedHosts: ['127.0.0.1'] } })
      const first = await peer.request('INVITE')
      const contact = `<sip:elsewhere@127.0.0.1:${peer.port}>`
      peer.respond(first, 302, { headers: { contact: `<sip:evil@192.0.2.1>, ${contact}` }, contact: false })
      const second = await peer.request('INVITE')
      expect(second.uri).toBe(`sip:elsewhere@127.0.0.1:${peer.port}`)
      expect(second.headers.get('call-id')).toBe(first.headers.get('call-id'))
      peer.respond(second, 200, { sdp })
      await log.until('answered')
    })

    test('offers what its settings say', async () => {
      const { peer } = scene.current
      const { log } = scene.current.dial({
        reliable: 'required',
        sessionTimer: { mode: 'request', expiresS: 600, minS: 90 },
      })
      const invite = await peer.request('INVITE')
      expect(invite.headers.lists('require', '100rel')).toBe(true)
      expect(invite.headers.get('session-expires')).toMatch(/^600\b/)
      peer.respond(invite, 422, { headers: { 'min-se': '900' } })
      const second = await peer.request('INVITE')
      expect(second.headers.get('session-expires')).toMatch(/^900\b/)
      expect(second.headers.get('min-se')).toBe('900')
      peer.respond(second, 486)
      expect(await log.until('rejected')).toMatchObject({ status: 486 })
    })

    test('with reliable early media is acknowledged by PRACK', async () => {
      const { peer } = scene.current
      const { log } = scene.current.dial()
      const invite = await peer.request('INVITE')
      peer.respond(invite, 183, { sdp, headers: { require: '100rel', rseq: '7' } })
      expect(await log.until('ringing')).toEqual({ type: 'ringing', status: 183, sdp })
      const prack = await peer.request('PRACK')
      expect(prack.headers.get('rack')).toBe(`7 ${invite.headers.get('cseq')}`)
      peer.respond(prack, 200)
      peer.respond(invite, 200, { sdp })
      await log.until('answered')
    })

    test('to a port where nobody listens does not ring for ever', async () => {
      const { log } = scene.current.dial({ hop: { transport: 'tcp', host: '127.0.0.1', port: 9 } })
      await expect.poll(() => log.types.at(-1), { timeout: 5_000 }).toMatch(/failed|rejected/)
      const last = log.seen.at(-1)
      expect(last).toMatchObject(last?.type === 'failed' ? { cause: 'transport' } : { status: 503 })
    })
  })
}

/** The peer answers the call that waits. */
export async function answer(scene: Scene, headers: Readonly<Record<string, string>> = {}): Promise<PeerDialog> {
  const invite = await scene.peer.request('INVITE')
  scene.peer.respond(invite, 200, { sdp, headers })
  await scene.peer.request('ACK')
  return PeerDialog.ofReceived(scene.peer, invite)
}

/** The peer's own reckoning of the response, by RFC 2617. */
function expectDigest(request: SipRequest, header: string): void {
  const value = request.headers.get(header) ?? ''
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(value)?.[1] ?? ''
  const hash = (text: string) => createHash('md5').update(text).digest('hex')
  const ha1 = hash(`alice:r:wonder`)
  const ha2 = hash(`INVITE:${field('uri')}`)
  expect(field('uri')).toBe(request.uri)
  expect(field('response')).toBe(hash(`${ha1}:n1:${field('nc')}:${field('cnonce')}:auth:${ha2}`))
}
