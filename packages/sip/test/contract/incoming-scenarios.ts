import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sdpOf as bodyOf, type SipResponse } from '../../src/embedded/message/sip-message.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { ackFailure, PeerDialog, sendCancel, sendNew } from './peer-dialog.ts'
import { type ContractGap, type EventLog, type OpenStack, type Scene, sceneFor } from './stack-under-test.ts'

const sdp = sdpOf(5_000)
const ours = sdpOf(40_000)

/** Calls that come in. */
export function describeIncoming(open: OpenStack, gaps: ReadonlySet<ContractGap> = new Set()): void {
  describe('an incoming call', () => {
    const scene = sceneFor(open)

    test('rings, is answered, and ends when the caller hangs up', async () => {
      const { peer } = scene.current
      const { dialog, log } = await taken(scene.current)
      dialog.send('BYE')
      expect((await peer.response('BYE')).status).toBe(200)
      await log.until('bye')
    })

    test('ends when we hang up', async () => {
      const { peer } = scene.current
      const { call, log } = await taken(scene.current)
      call.hangup()
      const bye = await peer.request('BYE')
      peer.respond(bye, 200)
      expect(bye.headers.get('to')).toContain('tag=caller')
      await log.until('bye')
    })

    test('tells who calls whom from where', async () => {
      const { peer } = scene.current
      sendNew(peer, 'INVITE', { sdp })
      const { call } = await scene.current.called()
      expect(call).toMatchObject({ source: '127.0.0.1', caller: '+8613012345678', sdp })
      expect(call.calledUsers).toEqual(['+8675512345678', '+8675512345678'])
      call.reject(480, '')
      await peer.response('INVITE')
    })

    test.each([404, 486, 503, 603])('that is rejected gets the %i', async (status) => {
      const { peer } = scene.current
      const invite = sendNew(peer, 'INVITE', { sdp })
      const { call } = await scene.current.called()
      call.reject(status, 'No')
      const response = await peer.response('INVITE')
      expect(response.status).toBe(status)
      ackFailure(peer, invite, response)
    })

    test('that the caller cancels is over', async () => {
      const { peer } = scene.current
      const invite = sendNew(peer, 'INVITE', { sdp })
      const { call, log } = await scene.current.called()
      call.ring()
      await peer.response('INVITE', 180)
      sendCancel(peer, invite)
      expect((await peer.response('CANCEL')).status).toBe(200)
      const response = await peer.response('INVITE')
      expect(response.status).toBe(487)
      ackFailure(peer, invite, response)
      await log.until('bye')
    })

    test('without an offer gets ours, and the answer comes with the ACK', async () => {
      const { peer } = scene.current
      const invite = sendNew(peer, 'INVITE')
      const { call, log } = await scene.current.called()
      expect(call.sdp).toBeUndefined()
      call.answer(ours)
      const response = await peer.response('INVITE')
      expect(bodyOf(response)).toBe(ours)
      PeerDialog.ofSent(peer, invite, response).ack({ sdp })
      expect(await log.until('answered')).toEqual({ type: 'answered', sdp })
    })

    test('can be held by the caller', async () => {
      const { peer } = scene.current
      const { call, log, dialog } = await taken(scene.current)
      dialog.send('INVITE', { sdp: sdpOf(5_002) })
      call.reanswer((await log.until('reoffer')).id, sdpOf(40_002))
      expect(bodyOf(await peer.response('INVITE'))).toBe(sdpOf(40_002))
      dialog.ack()
    })

    test('rings reliably when the caller requires it', async () => {
      const { peer } = scene.current
      const invite = sendNew(peer, 'INVITE', { sdp, headers: { require: '100rel' } })
      const { call } = await scene.current.called()
      call.ring()
      const ringing = await peer.response('INVITE', 180)
      expect(ringing.headers.lists('require', '100rel')).toBe(true)
      const dialog = PeerDialog.ofSent(peer, invite, ringing)
      dialog.send('PRACK', { headers: { rack: `${ringing.headers.get('rseq')} 1 INVITE` } })
      expect((await peer.response('PRACK')).status).toBe(200)
      call.answer(ours)
      expect((await peer.response('INVITE')).status).toBe(200)
    })

    test('hears early media before the answer', async () => {
      const { peer } = scene.current
      sendNew(peer, 'INVITE', { sdp })
      const { call } = await scene.current.called()
      call.ring(ours)
      const early = await peer.response('INVITE', 180)
      expect(early.status).toBe(183)
      expect(bodyOf(early)).toBe(ours)
      call.answer(ours)
      expect((await peer.response('INVITE')).status).toBe(200)
    })

    test('has to prove an account where the owner asks for one', async () => {
      const { peer } = scene.current
      scene.current.accounts = [{ username: 'alice', password: 'wonder' }]
      const invite = sendNew(peer, 'INVITE', { sdp })
      const response = await peer.response('INVITE')
      expect(response.status).toBe(401)
      ackFailure(peer, invite, response)
      const { nonce = '', realm = '' } = challengeOf(response)
      const uri = invite.uri
      const hash = (text: string) => createHash('md5').update(text).digest('hex')
      const proof = hash(`${hash(`alice:${realm}:wonder`)}:${nonce}:00000001:c:auth:${hash(`INVITE:${uri}`)}`)
      const authorization = `Digest username="alice", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${proof}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`
      sendNew(peer, 'INVITE', { sdp, headers: { authorization } })
      const { call } = await scene.current.called()
      expect(call.account).toBe('alice')
      call.reject(486, '')
      expect((await peer.response('INVITE')).status).toBe(486)
    })

    test('of an unknown source reaches nobody', async () => {
      const { peer } = scene.current
      scene.current.known = false
      sendNew(peer, 'INVITE', { sdp })
      await peer.quiet()
      expect(scene.current.incoming).toEqual([])
      // Silence, or a refusal where the stack cannot be silent.
      expect(peer.labels.filter((label) => label !== '100' && label !== '403')).toEqual([])
    })

    test('is refused while we drain', async () => {
      const { peer } = scene.current
      scene.current.draining = true
      const invite = sendNew(peer, 'INVITE', { sdp })
      const response = await peer.response('INVITE')
      expect(response.status).toBe(503)
      if (!gaps.has('retry-after')) expect(response.headers.get('retry-after')).toBe('30')
      ackFailure(peer, invite, response)
      expect(scene.current.incoming).toEqual([])
    })
  })
}

async function taken(scene: Scene): Promise<{
  readonly call: Awaited<ReturnType<Scene['called']>>['call']
  readonly log: EventLog
  readonly dialog: PeerDialog
}> {
  const { peer } = scene
  const invite = sendNew(peer, 'INVITE', { sdp })
  const { call, log } = await scene.called()
  call.ring()
  expect((await peer.response('INVITE', 180)).status).toBe(180)
  call.answer(ours)
  const response = await peer.response('INVITE')
  expect(response.status).toBe(200)
  expect(bodyOf(response)).toBe(ours)
  const dialog = PeerDialog.ofSent(peer, invite, response)
  dialog.ack()
  await peer.quiet(50)
  return { call, log, dialog }
}

/** The MD5 challenge of a 401. */
function challengeOf(response: SipResponse): { readonly nonce?: string; readonly realm?: string } {
  const challenge = response.headers.all('www-authenticate').find((value) => !/SHA-256/i.test(value)) ?? ''
  const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  return { nonce: field('nonce'), realm: field('realm') }
}
