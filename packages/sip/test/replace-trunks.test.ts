import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { VoiceError } from '@parley/core'
import { afterEach, expect, test } from 'vitest'
import type { SipSignalling, TrunkConfig } from '../src/index.ts'
import { dialRequest, LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'

const open: AsyncDisposable[] = []
const keep = <T extends AsyncDisposable>(opened: T): T => {
  open.push(opened)
  return opened
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened[Symbol.asyncDispose]()))
})

/** Somebody on loopback who takes every call. */
const openPeer = async () =>
  keep(await openSignalling([trunkTo(1, { name: 'us' })], async () => ({ kind: 'answer', sdp: sdpOf(41_000) })))

const dial = (signalling: SipSignalling, trunk: string) =>
  new LegReader(signalling.dial(dialRequest({ trunk, callee: '+8675512345678' }), new AbortController().signal))

test('a trunk that is added carries calls, one that is gone does not, and its running call ends as calls do', async () => {
  const peer = await openPeer()
  const signalling = keep(await openSignalling([]))
  expect(await dial(signalling, 'new').end()).toMatchObject([{ type: 'failed', detail: 'no such trunk' }])

  const added = trunkTo(peer.localPort, { name: 'new' })
  await signalling.replaceTrunks([added])
  const request = dialRequest({ trunk: 'new', callee: '+8675512345678' })
  const leg = new LegReader(signalling.dial(request, new AbortController().signal))
  await leg.until('answered')
  await signalling.replaceTrunks([])
  expect(signalling.liveLegs).toBe(1)
  expect(await dial(signalling, 'new').end()).toMatchObject([{ type: 'failed', detail: 'no such trunk' }])
  await signalling.command(request.leg, { type: 'hangup' })
  expect((await leg.end()).at(-1)).toMatchObject({ type: 'bye' })
})

test('a trunk that is changed sends its next call to the new gateway', async () => {
  const [first, second] = [await openPeer(), await openPeer()]
  const signalling = keep(await openSignalling([trunkTo(first.localPort)]))
  await signalling.replaceTrunks([trunkTo(second.localPort)])
  await dial(signalling, 'carrier').until('answered')
  expect([first.liveLegs, second.liveLegs]).toEqual([0, 1])
})

test('trunks that cannot be are refused, and those that were there go on', async () => {
  const peer = await openPeer()
  const good = trunkTo(peer.localPort)
  const signalling = keep(await openSignalling([good]))
  const bad = { ...trunkTo(1, { name: 'bad' }), gateways: [] }
  await expect(signalling.replaceTrunks([good, bad])).rejects.toBeInstanceOf(VoiceError)
  await dial(signalling, 'carrier').until('answered')
})

test('a registration begins with its trunk, stays when other things change, and is taken back with it', async () => {
  const registrar = createSocket('udp4')
  registrar.bind(0, '127.0.0.1')
  await once(registrar, 'listening')
  keep({ [Symbol.asyncDispose]: async () => void registrar.close() })
  const seen: (string | undefined)[] = []
  registrar.on('message', (bytes, { port }) => {
    const text = bytes.toString()
    if (!text.startsWith('REGISTER')) return
    seen.push(/^Expires: (\d+)/im.exec(text)?.[1])
    const echoed = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq|Contact|Expires):/i.test(line))
    registrar.send(['SIP/2.0 200 OK', ...echoed, 'Content-Length: 0', '', ''].join('\r\n'), port, '127.0.0.1')
  })
  const auth = { kind: 'register', username: 'alice', password: 'p' } as const
  const trunk: TrunkConfig = trunkTo(registrar.address().port, { auth })
  const signalling = keep(await openSignalling([]))
  expect(signalling.registrationOf('carrier')).toBeUndefined()
  await signalling.replaceTrunks([trunk])
  await expect.poll(() => signalling.registrationOf('carrier')).toEqual({ isRegistered: true })
  await signalling.replaceTrunks([{ ...trunk, numbers: ['+8675512345679'] }])
  expect(signalling.registrationOf('carrier')).toEqual({ isRegistered: true })
  expect(seen).toEqual(['300'])
  await signalling.replaceTrunks([])
  expect(signalling.registrationOf('carrier')).toBeUndefined()
  await expect.poll(() => seen).toEqual(['300', '0'])
})
