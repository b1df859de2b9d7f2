import { beforeEach, expect, test } from 'vitest'
import type { SipCall } from '../src/sip-stack.ts'
import { ScriptedDialog } from './support/scripted-dialog.ts'

let line: ScriptedDialog
let call: SipCall

beforeEach(async () => {
  line = await ScriptedDialog.open()
  call = await line.dialAnswered({ credentials: { username: 'u', password: 'p' } })
})

const refer = async (target = 'sip:+8613012345678@carrier.test') => {
  call.refer(target)
  await line.clock.advance(50)
}
const answerRefer = async (status: number, headers: Readonly<Record<string, string>> = {}) => {
  line.peer.respond(line.peer.request('REFER'), status, { headers })
  await line.clock.advance(50)
}
let cseq = 0
const notify = (sipfrag: string | undefined, state: string, event = 'refer') => {
  cseq += 1
  const headers = { event, 'subscription-state': state, 'content-type': 'message/sipfrag;version=2.0' }
  return line.send('NOTIFY', cseq, { headers, body: sipfrag ?? '' })
}
const transfers = () => line.events.filter((event) => event.type === 'transfer')
const statuses = () => transfers().map((event) => event.status)

test('REFER names the target and who asks; each NOTIFY is answered and reported; the last status ends it', async () => {
  await refer()
  const request = line.peer.request('REFER')
  expect(request.headers.get('refer-to')).toBe('<sip:+8613012345678@carrier.test>')
  expect(request.headers.get('referred-by')).toBe('<sip:200@caller.test>')
  expect(request.headers.get('contact')).toContain('sip:200@us.test')
  await answerRefer(202)
  await notify('SIP/2.0 100 Trying', 'active;expires=60')
  await notify('SIP/2.0 180 Ringing\r\n', 'active;expires=60')
  await notify('SIP/2.0 200 OK', 'terminated;reason=noresource')
  expect(line.count('200 NOTIFY')).toBe(3)
  expect(statuses()).toEqual([100, 180, 200])
  await line.clock.advance(600_000)
  expect(statuses()).toEqual([100, 180, 200])
})

test('a NOTIFY that overtakes the 202 counts', async () => {
  await refer()
  await notify('SIP/2.0 200 OK', 'terminated;reason=noresource')
  await answerRefer(202)
  await line.clock.advance(60_000)
  expect(statuses()).toEqual([200])
})

test.each([405, 403, 603, 501])('a peer that refuses with %i is a transfer with that status', async (status) => {
  await refer()
  await answerRefer(status)
  expect(statuses()).toEqual([status])
  expect(line.peer.labels).not.toContain('BYE')
})

test('a peer that does not know the call refuses the transfer and ends the call', async () => {
  await refer()
  await answerRefer(481)
  expect(statuses()).toEqual([481])
  expect(line.types.at(-1)).toBe('failed')
  expect(line.peer.labels).toContain('BYE')
})

test('a peer that is silent is a transfer with 408', async () => {
  await refer()
  await line.clock.advance(33_000)
  expect(statuses()).toEqual([408])
})

test('a challenged REFER is repeated, and its NOTIFYs may bear the number of either', async () => {
  await refer()
  await answerRefer(401, { 'www-authenticate': 'Digest realm="r", nonce="n"' })
  const again = line.peer.request('REFER')
  expect(again.headers.get('authorization')).toContain('nonce="n"')
  expect(again.headers.all('refer-to')).toHaveLength(1)
  await answerRefer(202)
  await notify('SIP/2.0 100 Trying', 'active', `refer;id=${Number.parseInt(again.headers.get('cseq') ?? '', 10)}`)
  expect(line.peer.response('NOTIFY').status).toBe(200)
  await notify('SIP/2.0 100 Trying', 'active', 'refer;id=77')
  expect(line.peer.response('NOTIFY').status).toBe(481)
  expect(statuses()).toEqual([100])
})

test('a peer that wants no subscription has told all with its 2xx', async () => {
  await refer()
  await answerRefer(200, { 'refer-sub': 'false' })
  await line.clock.advance(600_000)
  expect(statuses()).toEqual([200])
})

test.each([
  ['timeout', 408],
  ['rejected', 603],
  ['noresource', 480],
  ['mystery', 480],
])('a subscription that ends for %s without a final status is a %i', async (reason, status) => {
  await refer()
  await answerRefer(202)
  await notify('SIP/2.0 100 Trying', `terminated;reason=${reason}`)
  expect(statuses()).toEqual([100, status])
})

test('a subscription without any NOTIFY ends after 32 s, one that runs out when it said', async () => {
  await refer()
  await answerRefer(202)
  await line.clock.advance(31_900)
  expect(statuses()).toEqual([])
  await line.clock.advance(200)
  expect(statuses()).toEqual([408])
  await refer()
  await answerRefer(202)
  await notify('SIP/2.0 100 Trying', 'active;expires=60')
  await line.clock.advance(59_000)
  expect(statuses()).toEqual([408, 100])
  await line.clock.advance(2_000)
  expect(statuses()).toEqual([408, 100, 408])
})

test('an attended transfer carries Replaces in its target', async () => {
  const target = 'sip:bob@peer.test?Replaces=abc%40peer%3Bto-tag%3D1%3Bfrom-tag%3D2'
  await refer(target)
  expect(line.peer.request('REFER').headers.get('refer-to')).toBe(`<${target}>`)
})

test.each(['http://x', 'sip:', 'sip:a@b>\r\nEvil: 1', 'sip:a@b>;x=<sip:c@d', '13012345678'])(
  '%j is no target and asks nobody',
  async (target) => {
    await refer(target)
    expect(statuses()).toEqual([400])
    expect(line.peer.labels).not.toContain('REFER')
  },
)

test('a second transfer while the first runs is refused here', async () => {
  await refer()
  await refer('tel:+8610')
  expect(statuses()).toEqual([491])
  expect(line.count('REFER')).toBe(1)
})

test('NOTIFY without a transfer, or of another event, gets 481 and changes nothing', async () => {
  await notify('SIP/2.0 200 OK', 'terminated')
  expect(line.peer.response('NOTIFY').status).toBe(481)
  await refer()
  await notify('SIP/2.0 200 OK', 'terminated', 'dialog')
  expect(line.peer.response('NOTIFY').status).toBe(481)
  expect(statuses()).toEqual([])
})

test('a peer that hangs up instead of reporting ends the call, and nothing follows', async () => {
  await refer()
  await answerRefer(202)
  cseq += 1
  await line.send('BYE', cseq)
  await line.clock.advance(600_000)
  expect(line.types.slice(-1)).toEqual(['bye'])
})

test('a REFER of the peer is refused and named among what we do not allow', async () => {
  cseq += 1
  await line.send('REFER', cseq, { headers: { 'refer-to': '<sip:premium@rate.test>' } })
  expect(line.peer.response('REFER').status).toBe(405)
  expect(line.peer.response('REFER').headers.all('allow')).not.toContain('REFER')
  expect(line.count('INVITE')).toBe(1)
})
