import { describe, expect, test } from 'vitest'
import { clockAtRate } from '../support/real-clock.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { answer } from './outgoing-scenarios.ts'
import { sendNew } from './peer-dialog.ts'
import { type OpenStack, sceneFor } from './stack-under-test.ts'

/** OPTIONS, registration, and the end of the stack. */
export function describeLife(open: OpenStack): void {
  describe('a stack', () => {
    const scene = sceneFor(open)

    test('answers OPTIONS with 200, and with 503 while it drains', async () => {
      const { peer } = scene.current
      sendNew(peer, 'OPTIONS')
      const response = await peer.response('OPTIONS')
      expect(response.status).toBe(200)
      expect(response.headers.lists('allow', 'INVITE')).toBe(true)
      scene.current.draining = true
      sendNew(peer, 'OPTIONS')
      expect((await peer.response('OPTIONS')).status).toBe(503)
    })

    test('says goodbye to every call when it is disposed, within 3 s', async () => {
      const { peer } = scene.current
      const talking = scene.current.dial()
      await answer(scene.current)
      await talking.log.until('answered')
      const ringing = scene.current.dial()
      const invite = await peer.request('INVITE')
      peer.respond(invite, 180)
      await ringing.log.until('ringing')
      const startedMs = performance.now()
      const closed = scene.current.closeStack()
      peer.respond(await peer.request('CANCEL'), 200)
      peer.respond(invite, 487)
      peer.respond(await peer.request('BYE'), 200)
      await closed
      expect(performance.now() - startedMs).toBeLessThan(3_000)
      expect(talking.log.types.at(-1)).toBe('bye')
    })

    test('rejects an incoming call that waits when it is disposed', async () => {
      const { peer } = scene.current
      sendNew(peer, 'INVITE', { sdp: sdpOf(5_000) })
      const { log } = await scene.current.called()
      await scene.current.closeStack()
      expect((await peer.response('INVITE', 300)).status).toBeGreaterThanOrEqual(400)
      await log.until('bye')
    })
  })

  describe('a registration', () => {
    // Ten times as fast: the shortest refresh takes half a second.
    const scene = sceneFor(open, clockAtRate(10))

    test('is made with credentials, refreshed, and removed at the end', async () => {
      const { peer } = scene.current
      const attempts: string[] = []
      scene.current.stack.register({
        gateways: [{ host: '127.0.0.1', port: peer.port, transport: 'udp' }],
        hops: () => [{ host: '127.0.0.1', port: peer.port, transport: 'udp' }],
        onAttempt: (hop, failure) => attempts.push(failure ?? `answered by ${hop.port}`),
        domain: 'carrier.test',
        credentials: { username: 'alice', password: 'wonder' },
        expiresS: 20,
      })
      const first = await peer.request('REGISTER')
      expect(first.headers.get('to')).toContain('sip:alice@carrier.test')
      peer.respond(first, 401, { headers: { 'www-authenticate': 'Digest realm="r", nonce="n1"' } })
      const second = await peer.request('REGISTER')
      expect(second.headers.get('authorization')).toContain('username="alice"')
      expect(second.headers.get('expires')).toBe('20')
      peer.respond(second, 200, { headers: { expires: '10' } })
      const refresh = await peer.request('REGISTER')
      expect(refresh.headers.get('expires')).toBe('20')
      peer.respond(refresh, 200, { headers: { expires: '7200' } })
      await peer.quiet(50)
      expect(attempts).toEqual([`answered by ${peer.port}`, `answered by ${peer.port}`])
      const closed = scene.current.closeStack()
      const last = await peer.request('REGISTER')
      expect(last.headers.get('expires')).toBe('0')
      peer.respond(last, 200)
      await closed
    })
  })
}
