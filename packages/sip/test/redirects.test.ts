import { beforeEach, expect, test } from 'vitest'
import { peerContact, peerSdp, ScriptedDialog } from './support/scripted-dialog.ts'
import { ScriptedPeer } from './support/scripted-peer.ts'

let line: ScriptedDialog
let other: ScriptedPeer

beforeEach(async () => {
  line = await ScriptedDialog.open()
  other = new ScriptedPeer(line.network, 'other.test', 'us.test')
})

const redirects = { allowedHosts: ['Other.test', 'peer.test'] }
const redirect = async (peer: ScriptedPeer, contacts: string, status = 302) => {
  peer.respond(peer.request('INVITE'), status, { headers: { contact: contacts } })
  await line.clock.advance(50)
}

test('a redirection is a refusal unless it may be followed', async () => {
  await line.dial()
  await redirect(line.peer, '<sip:100@other.test>')
  expect(line.events).toEqual([{ type: 'rejected', status: 302, reason: 'Scripted' }])
  expect(other.received).toEqual([])
})

test('the INVITE goes to the contact as a new request of the same call, and the call lives there', async () => {
  const call = await line.dial({ redirects })
  const first = line.peer.request('INVITE')
  await redirect(line.peer, '"Bob" <sip:777@other.test;x=1?Subject=no>;q=0.5')
  expect(line.peer.labels).toEqual(['INVITE', 'ACK'])
  const second = other.request('INVITE')
  expect(second.uri).toBe('sip:777@other.test;x=1')
  expect(second.headers.get('to')).toBe(first.headers.get('to'))
  expect(second.headers.get('call-id')).toBe(first.headers.get('call-id'))
  expect(second.headers.get('cseq')).toBe('2 INVITE')
  other.respond(second, 200, { sdp: peerSdp, headers: { contact: '<sip:777@other.test>' } })
  await line.clock.advance(50)
  call.hangup()
  await line.clock.advance(50)
  expect(other.labels).toEqual(['INVITE', 'ACK', 'BYE'])
  expect(line.types).toEqual(['answered', 'bye'])
})

test('contacts are tried by their q, each once, until one answers', async () => {
  await line.dial({ redirects })
  await redirect(line.peer, '<sip:c@other.test>;q=0.1, <sip:a@other.test>, <sip:b@other.test>;q=0.7', 300)
  for (const user of ['a', 'b', 'c']) {
    expect(other.request('INVITE').uri).toBe(`sip:${user}@other.test`)
    other.respond(other.request('INVITE'), 486)
    await line.clock.advance(50)
  }
  expect(line.events).toEqual([{ type: 'rejected', status: 486, reason: 'Scripted' }])
})

test('nobody else is tried after a 6xx', async () => {
  await line.dial({ redirects })
  await redirect(line.peer, '<sip:a@other.test>, <sip:b@other.test>')
  other.respond(other.request('INVITE'), 603)
  await line.clock.advance(50)
  expect(line.events.at(-1)).toMatchObject({ type: 'rejected', status: 603 })
  expect(other.labels).toEqual(['INVITE', 'ACK'])
})

test('a contact that is silent is passed over after timer B', async () => {
  await line.dial({ redirects })
  await redirect(line.peer, '<sip:a@other.test>, <sip:100@peer.test;late>')
  await line.clock.advance(32_100)
  expect(line.peer.request('INVITE').uri).toBe('sip:100@peer.test;late')
})

test.each([
  'sip:100@evil.test',
  'sip:100@other.test.evil.test',
  'sips:100@other.test',
  'tel:+900',
  'http://other.test/',
  'sip:other.test@evil.test',
])('%s is not followed', async (uri) => {
  await line.dial({ redirects })
  await redirect(line.peer, `<${uri}>`)
  expect(line.events.at(-1)).toMatchObject({ type: 'rejected', status: 302 })
})

test('a loop ends', async () => {
  await line.dial({ redirects })
  await redirect(line.peer, '<sip:100@other.test>')
  await redirect(other, '<sip:100@peer.test:5060;transport=udp>')
  expect(line.events.at(-1)).toMatchObject({ type: 'rejected', status: 302 })
})

test('an endless chain ends after five, or after as many as are allowed', async () => {
  for (const [max, expected] of [
    [undefined, 5],
    [2, 2],
  ] as const) {
    other.labels.length = 0
    await line.dial({ redirects: { ...redirects, ...(max === undefined ? {} : { max }) } })
    await redirect(line.peer, '<sip:0@other.test>')
    for (let hop = 1; hop < 9; hop += 1) await redirect(other, `<sip:${hop}@other.test>`)
    expect(other.labels.filter((label) => label === 'INVITE')).toHaveLength(expected)
    expect(line.events.at(-1)).toMatchObject({ type: 'rejected', status: 302 })
  }
})

test('305 sends the same request through the proxy, 304 and a 380 without Contact are refusals', async () => {
  await line.dial({ redirects })
  await redirect(line.peer, '<sip:other.test>', 305)
  expect(other.request('INVITE').uri).toBe(line.peer.request('INVITE').uri)
  for (const status of [304, 380]) {
    await line.dial({ redirects })
    line.peer.respond(line.peer.request('INVITE'), status)
    await line.clock.advance(50)
    expect(line.events.at(-1)).toMatchObject({ type: 'rejected', status })
  }
})

test('credentials are not shown to the next host before it asks', async () => {
  await line.dial({ redirects, credentials: { username: 'u', password: 'p' } })
  line.peer.respond(line.peer.request('INVITE'), 407, {
    headers: { 'proxy-authenticate': 'Digest realm="a", nonce="n"' },
  })
  await line.clock.advance(50)
  await redirect(line.peer, '<sip:100@other.test>')
  expect(other.request('INVITE').headers.has('proxy-authorization')).toBe(false)
  other.respond(other.request('INVITE'), 401, { headers: { 'www-authenticate': 'Digest realm="b", nonce="m"' } })
  await line.clock.advance(50)
  expect(other.request('INVITE').headers.get('authorization')).toContain('realm="b"')
})

test('a hang-up between two targets waits for a response of the new one before its CANCEL', async () => {
  const call = await line.dial({ redirects })
  line.peer.respond(line.peer.request('INVITE'), 100)
  await line.clock.advance(50)
  await redirect(line.peer, '<sip:100@other.test>')
  call.hangup()
  await line.clock.advance(50)
  expect(other.labels).toEqual(['INVITE'])
  other.respond(other.request('INVITE'), 180, { headers: peerContact })
  await line.clock.advance(50)
  expect(other.labels).toEqual(['INVITE', 'CANCEL'])
})
