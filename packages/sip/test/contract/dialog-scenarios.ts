import { describe, expect, test } from 'vitest'
import { sdpOf as bodyOf } from '../../src/embedded/message/sip-message.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { answer } from './outgoing-scenarios.ts'
import type { PeerDialog } from './peer-dialog.ts'
import { type EventLog, type OpenStack, type Scene, sceneFor } from './stack-under-test.ts'

const hold = sdpOf(5_000).replace('sendrecv', 'sendonly')
const ours = sdpOf(40_002)

/** What happens in a call that is up. */
export function describeDialog(open: OpenStack): void {
  describe('a call that is up', () => {
    const scene = sceneFor(open)

    test('tells of a hold, a resume, and sends the answers of its owner', async () => {
      const { peer } = scene.current
      const { call, log, dialog } = await talking(scene.current)
      for (const [nth, sdp] of [hold, sdpOf(5_000)].entries()) {
        dialog.send('INVITE', { sdp })
        const reoffer = await log.until('reoffer', nth + 1)
        expect(reoffer.sdp).toBe(sdp)
        call.reanswer(reoffer.id, ours)
        const response = await peer.response('INVITE')
        expect(response.status).toBe(200)
        expect(bodyOf(response)).toBe(ours)
        expect(response.headers.get('contact')).toContain('@127.0.0.1:')
        dialog.ack()
      }
    })

    test('refuses a change with the status of its owner and goes on', async () => {
      const { peer } = scene.current
      const { call, log, dialog } = await talking(scene.current)
      dialog.send('INVITE', { sdp: hold })
      call.refuse((await log.until('reoffer')).id, 488)
      expect((await peer.response('INVITE')).status).toBe(488)
      dialog.ack()
      call.hangup()
      peer.respond(await peer.request('BYE'), 200)
    })

    test('makes the offer of a re-INVITE that has none and tells of the answer in the ACK', async () => {
      const { peer } = scene.current
      const { call, log, dialog } = await talking(scene.current)
      dialog.send('INVITE')
      const reoffer = await log.until('reoffer')
      expect(reoffer.sdp).toBeUndefined()
      call.reanswer(reoffer.id, ours)
      expect(bodyOf(await peer.response('INVITE'))).toBe(ours)
      dialog.ack({ sdp: sdpOf(5_004) })
      expect(await log.until('answered', 2)).toEqual({ type: 'answered', sdp: sdpOf(5_004) })
    })

    test('takes an UPDATE without a description by itself, and asks its owner about one with', async () => {
      const { peer } = scene.current
      const { call, log, dialog } = await talking(scene.current)
      dialog.send('UPDATE')
      expect((await peer.response('UPDATE')).status).toBe(200)
      expect(log.types).not.toContain('reoffer')
      dialog.send('UPDATE', { sdp: hold })
      call.reanswer((await log.until('reoffer')).id, ours)
      expect(bodyOf(await peer.response('UPDATE'))).toBe(ours)
    })

    test('answers OPTIONS and tells of the keys in INFO', async () => {
      const { peer } = scene.current
      const { log, dialog } = await talking(scene.current)
      dialog.send('OPTIONS')
      expect((await peer.response('OPTIONS')).status).toBe(200)
      dialog.send('INFO', {
        body: 'Signal=5\r\nDuration=160\r\n',
        headers: { 'content-type': 'application/dtmf-relay' },
      })
      expect((await peer.response('INFO')).status).toBe(200)
      expect(await log.until('dtmf')).toEqual({ type: 'dtmf', key: '5' })
    })

    test('changes the session by our offer', async () => {
      const { peer } = scene.current
      const { call, log } = await talking(scene.current)
      call.reoffer(7, ours)
      const invite = await peer.request('INVITE')
      expect(bodyOf(invite)).toBe(ours)
      expect(invite.headers.get('contact')).toContain('sip:+8675500000000@127.0.0.1:')
      peer.respond(invite, 200, { sdp: sdpOf(5_006) })
      expect(await log.until('reoffer.answered')).toEqual({ type: 'reoffer.answered', id: 7, sdp: sdpOf(5_006) })
      await peer.request('ACK')
    })

    test('lives on when our offer is refused', async () => {
      const { peer } = scene.current
      const { call, log } = await talking(scene.current)
      call.reoffer(8, ours)
      peer.respond(await peer.request('INVITE'), 488)
      expect(await log.until('reoffer.refused')).toEqual({ type: 'reoffer.refused', id: 8, status: 488 })
      await peer.request('ACK')
      call.hangup()
      peer.respond(await peer.request('BYE'), 200)
    })

    test('asks the peer to call another and tells how that went', async () => {
      const { peer } = scene.current
      const { call, log, dialog } = await talking(scene.current)
      call.refer('sip:agent@127.0.0.1')
      const refer = await peer.request('REFER')
      expect(refer.headers.get('refer-to')).toContain('sip:agent@127.0.0.1')
      peer.respond(refer, 202)
      for (const [nth, status] of [100, 200].entries()) {
        dialog.send('NOTIFY', {
          body: `SIP/2.0 ${status} Whatever\r\n`,
          headers: {
            event: 'refer',
            'subscription-state': status === 200 ? 'terminated;reason=noresource' : 'active;expires=60',
            'content-type': 'message/sipfrag;version=2.0',
          },
        })
        expect((await peer.response('NOTIFY')).status).toBe(200)
        expect(await log.until('transfer', nth + 1)).toEqual({ type: 'transfer', status })
      }
    })

    test('tells where a third party takes our place, as the peer knows the dialog, until it is over', async () => {
      const { peer } = scene.current
      const { call, dialog } = await talking(scene.current)
      const { target, replaces } = replacedBy(call.replacesTarget())
      const { callId, contact, localTag, remoteTag } = dialog.names
      expect(target).toBe(contact)
      expect(replaces).toBe(`${callId};to-tag=${localTag};from-tag=${remoteTag}`)
      call.hangup()
      peer.respond(await peer.request('BYE'), 200)
      expect(call.replacesTarget()).toBeUndefined()
    })

    test('tells of a transfer that the peer refuses', async () => {
      const { peer } = scene.current
      const { call, log } = await talking(scene.current)
      call.refer('sip:agent@127.0.0.1')
      peer.respond(await peer.request('REFER'), 603)
      expect(await log.until('transfer')).toEqual({ type: 'transfer', status: 603 })
    })

    test('that the peer does not know any more is over with our next request', async () => {
      const { peer } = scene.current
      const { call, log } = await talking(scene.current)
      call.sendKey('9', 200)
      peer.respond(await peer.request('INFO'), 481)
      await log.until('failed')
    })

    test('sends a key by INFO', async () => {
      const { peer } = scene.current
      const { call } = await talking(scene.current)
      call.sendKey('9', 200)
      const info = await peer.request('INFO')
      expect(info.headers.get('content-type')).toBe('application/dtmf-relay')
      expect(info.body.toString()).toMatch(/Signal=9\r\nDuration=200/)
      peer.respond(info, 200)
    })
  })
}

const replacedBy = (referTo = '') => {
  const [target, replaces = ''] = referTo.split('?Replaces=')
  return { target, replaces: decodeURIComponent(replaces) }
}

async function talking(scene: Scene): Promise<{
  readonly call: ReturnType<Scene['dial']>['call']
  readonly log: EventLog
  readonly dialog: PeerDialog
}> {
  const { call, log } = scene.dial()
  const dialog = await answer(scene, { allow: 'INVITE, ACK, BYE, CANCEL, UPDATE, INFO, REFER, NOTIFY' })
  await log.until('answered')
  return { call, log, dialog }
}
