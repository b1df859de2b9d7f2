import type { CodecName } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { MediaSecurity, type SrtpMode } from './media-security.ts'
import { Negotiation } from './negotiation.ts'

const plainOnly = () => new MediaSecurity('off', new SeededRandom(1))

function ours(codecs: readonly CodecName[] = ['PCMA', 'PCMU'], srtp: SrtpMode = 'off'): Negotiation {
  const security = new MediaSecurity(srtp, new SeededRandom(1))
  return new Negotiation({ host: '10.0.0.9', port: 30_000, codecs, ptimeMs: 20, originId: 77, security })
}

function description(lines: readonly string[], connection = 'c=IN IP4 192.0.2.1'): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', connection, 't=0 0', ...lines, ''].join('\r\n')
}

const plain = ['m=audio 4000 RTP/AVP 0 8 101', 'a=rtpmap:101 telephone-event/8000']

test('the offer lists our codecs in order, telephone events and 20 ms', () => {
  const sdp = ours(['PCMU', 'PCMA']).offer()
  expect(sdp).toContain('o=- 77 1 IN IP4 10.0.0.9')
  expect(sdp).toContain('c=IN IP4 10.0.0.9')
  expect(sdp).toContain('m=audio 30000 RTP/AVP 0 8 101')
  expect(sdp).toContain('a=rtpmap:101 telephone-event/8000')
  expect(sdp).toContain('a=ptime:20')
  expect(sdp).toContain('a=sendrecv')
})

test('the answer names one codec, the first of ours that is offered', () => {
  const { sdp, remote } = ours().answer(description(plain))
  expect(sdp).toContain('m=audio 30000 RTP/AVP 8 101\r\n')
  expect(remote).toMatchObject({ codec: 'PCMA', host: '192.0.2.1', port: 4000, rtcpPort: 4001, maySend: true })
  expect(ours(['PCMU', 'PCMA']).answer(description(plain)).remote.codec).toBe('PCMU')
})

test('payload types may differ in the two directions', () => {
  const remote = ours().acceptAnswer(
    description(['m=audio 4000 RTP/AVP 97 96', 'a=rtpmap:97 pcma/8000/1', 'a=rtpmap:96 telephone-event/8000']),
  )
  expect(remote).toMatchObject({ codec: 'PCMA', sendPayloadType: 97, sendEventType: 96 })
  expect(remote.receivePayloadTypes).toContain(8)
  expect(remote.receiveEventTypes).toContain(101)
})

test('an answer uses the numbers of the offer', () => {
  const { sdp } = ours().answer(
    description(['m=audio 4000 RTP/AVP 9 98 99', 'a=rtpmap:98 PCMU/8000', 'a=rtpmap:99 telephone-event/8000']),
  )
  expect(sdp).toContain('m=audio 30000 RTP/AVP 98 99')
  expect(sdp).toContain('a=rtpmap:98 PCMU/8000')
})

test.each([
  ['nothing', [], 30, 30],
  ['its ptime', ['a=ptime:40'], 20, 40],
  ['10 ms', ['a=ptime:10'], 20, 10],
  ['more than a packet may hold', ['a=ptime:200'], 20, 60],
  ['less than a packet holds', ['a=ptime:5'], 20, 10],
  ['what is no multiple of 10 ms', ['a=ptime:35'], 20, 30],
  ['a maximum below ours', ['a=maxptime:20'], 60, 20],
  ['a maximum below its own wish', ['a=ptime:60', 'a=maxptime:40'], 20, 40],
  ['nonsense', ['a=ptime:0', 'a=maxptime:none'], 20, 20],
])('to a peer that names %s packets are sent in the right length', (_name, lines, oursMs, packetMs) => {
  const offer = description([...plain, ...lines])
  const negotiation = new Negotiation({
    host: '10.0.0.9',
    port: 1,
    codecs: ['PCMA'],
    ptimeMs: oursMs,
    originId: 1,
    security: plainOnly(),
  })
  expect(negotiation.answer(offer).remote.packetMs).toBe(packetMs)
  expect(negotiation.acceptAnswer(offer).packetMs).toBe(packetMs)
})

test('G.722 is offered and taken as type 9 with a clock of 8000, with or without rtpmap', () => {
  const negotiation = ours(['G722', 'PCMA'])
  expect(negotiation.offer()).toContain('m=audio 30000 RTP/AVP 9 8 101')
  expect(negotiation.offer()).toContain('a=rtpmap:9 G722/8000')
  expect(negotiation.answer(description(plain)).remote.codec).toBe('PCMA')
  const offers = [
    ['m=audio 4000 RTP/AVP 0 8 9 101', 'a=rtpmap:101 telephone-event/8000'],
    ['m=audio 4000 RTP/AVP 8 115', 'a=rtpmap:115 g722/8000'],
  ]
  expect(offers.map((lines) => negotiation.answer(description(lines)).remote.codec)).toEqual(['G722', 'G722'])
  expect(offers.map((lines) => negotiation.answer(description(lines)).remote.sendPayloadType)).toEqual([9, 115])
  const wrongClock = ['m=audio 4000 RTP/AVP 8 115', 'a=rtpmap:115 G722/16000']
  expect(negotiation.answer(description(wrongClock)).remote.codec).toBe('PCMA')
})

const opusOffer = [
  'm=audio 4000 RTP/AVP 111 8 101 110',
  'a=rtpmap:111 OPUS/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:101 telephone-event/8000',
  'a=rtpmap:110 telephone-event/48000',
]

test('Opus is offered with events of its clock beside those of 8 kHz', () => {
  const sdp = ours(['opus', 'PCMA']).offer()
  expect(sdp).toContain('m=audio 30000 RTP/AVP 96 8 102 101')
  expect(sdp).toContain('a=rtpmap:96 opus/48000/2')
  expect(sdp).toContain('a=fmtp:96 maxplaybackrate=8000')
  expect(sdp).toContain('a=rtpmap:102 telephone-event/48000')
  expect(ours(['PCMA']).offer()).not.toContain('48000')
})

test('Opus alone is offered with events of both clocks, and a peer that knows those of 8 kHz alone keeps them', () => {
  const negotiation = ours(['opus'])
  expect(negotiation.offer()).toContain('m=audio 30000 RTP/AVP 96 102 101')
  const remote = negotiation.acceptAnswer(description(opusOffer.filter((line) => !line.includes('110 tele'))))
  expect(remote).toMatchObject({ codec: 'opus', sendEventType: 101, receiveEventTypes: [101], eventClockHz: 8000 })
})

test('the answer to Opus has the number of the offer and the events of its clock', () => {
  const { sdp, remote } = ours(['opus']).answer(description([...opusOffer, 'a=ptime:30']))
  expect(sdp).toContain('m=audio 30000 RTP/AVP 111 110\r\n')
  expect(sdp).toContain('a=rtpmap:111 opus/48000/2')
  expect(remote).toMatchObject({ codec: 'opus', sendPayloadType: 111, sendEventType: 110, eventClockHz: 48_000 })
  expect(remote).toMatchObject({ packetMs: 20, opus: { inbandFec: true } })
  const g711 = ours(['PCMA', 'opus']).answer(description(opusOffer))
  expect(g711.sdp).toContain('m=audio 30000 RTP/AVP 8 101\r\n')
  expect(g711.remote.eventClockHz).toBe(8000)
})

test('beside Opus, events of 8 kHz are taken from a peer that has no others', () => {
  const { sdp, remote } = ours(['opus']).answer(description(opusOffer.filter((line) => !line.includes('110 tele'))))
  expect(sdp).toContain('a=rtpmap:101 telephone-event/8000')
  expect(remote).toMatchObject({ sendEventType: 101, eventClockHz: 8000 })
})

test('the answer of a peer with other numbers than ours is understood in both directions', () => {
  const remote = ours(['opus', 'PCMA']).acceptAnswer(description(opusOffer))
  expect(remote).toMatchObject({ codec: 'opus', sendPayloadType: 111, sendEventType: 110, eventClockHz: 48_000 })
  expect(remote.receivePayloadTypes).toEqual([96, 111])
  expect(remote.receiveEventTypes).toEqual([102, 110])
})

test('a peer without telephone events gets none', () => {
  const { sdp, remote } = ours().answer(description(['m=audio 4000 RTP/AVP 8']))
  expect(sdp).not.toContain('telephone-event')
  expect(remote.sendEventType).toBe(-1)
})

test.each([
  ['sendrecv', 'sendrecv', false, true],
  ['sendonly', 'recvonly', true, true],
  ['recvonly', 'sendonly', false, false],
  ['inactive', 'inactive', true, false],
])('%s is answered with %s', (theirs, answered, held, peerSends) => {
  const { sdp, remote } = ours().answer(description([...plain, `a=${theirs}`]))
  expect(sdp).toContain(`a=${answered}`)
  expect(remote.maySend).toBe(!held)
  expect(remote.peerSends).toBe(peerSends)
})

test('a direction of the whole description holds for its sections', () => {
  const { remote } = ours().answer(description(plain).replace('m=audio', 'a=inactive\r\nm=audio'))
  expect(remote.maySend).toBe(false)
})

test('the address 0.0.0.0 is hold, and a later address resumes', () => {
  const negotiation = ours()
  const held = negotiation.answer(description(plain, 'c=IN IP4 0.0.0.0'))
  expect(held.remote.maySend).toBe(false)
  expect(held.sdp).toContain('a=recvonly')
  expect(held.sdp).toContain('o=- 77 1 ')
  const resumed = negotiation.answer(description(plain))
  expect(resumed.remote.maySend).toBe(true)
  expect(resumed.sdp).toContain('o=- 77 2 ')
  expect(negotiation.answer(description(plain)).sdp).toContain('o=- 77 2 ')
})

test('sections that are not audio are refused by port 0, in their places', () => {
  const { sdp } = ours().answer(
    description(['m=video 5000 RTP/AVP 96', 'a=rtpmap:96 H264/90000', ...plain, 'm=image 6000 udptl t38']),
  )
  const sections = sdp.split('\r\n').filter((line) => line.startsWith('m='))
  expect(sections).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 30000 RTP/AVP 8 101', 'm=image 0 udptl t38'])
})

test('of several audio sections the first with a codec of ours is spoken', () => {
  const { sdp, remote } = ours(['PCMA']).answer(
    description(['m=audio 4000 RTP/AVP 9', 'm=audio 4002 RTP/AVP 0 8', 'm=audio 4004 RTP/AVP 8']),
  )
  expect(remote.port).toBe(4002)
  expect(sdp.split('\r\n').filter((line) => line.startsWith('m='))).toEqual([
    'm=audio 0 RTP/AVP 9',
    'm=audio 30000 RTP/AVP 8',
    'm=audio 0 RTP/AVP 8',
  ])
})

test('bundle and ICE attributes are passed over', () => {
  const ice = [
    'a=mid:0',
    'a=ice-ufrag:abcd',
    'a=ice-pwd:0123456789abcdef',
    'a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host',
  ]
  const text = description([...plain, ...ice]).replace('t=0 0', 't=0 0\r\na=group:BUNDLE 0\r\na=ice-lite')
  const { sdp, remote } = ours().answer(text)
  expect(remote).toMatchObject({ host: '192.0.2.1', port: 4000 })
  expect(sdp).not.toMatch(/ice|BUNDLE|candidate/)
})

test('RTCP may be elsewhere, or on the same port', () => {
  expect(ours().answer(description([...plain, 'a=rtcp:4999 IN IP4 192.0.2.2'])).remote).toMatchObject({
    rtcpHost: '192.0.2.2',
    rtcpPort: 4999,
  })
  const muxed = ours().answer(description([...plain, 'a=rtcp-mux']))
  expect(muxed.remote.rtcpPort).toBe(4000)
  expect(muxed.sdp).toContain('a=rtcp-mux')
})

test('IPv6 addresses are read and written', () => {
  const negotiation = new Negotiation({
    host: '2001:db8::9',
    port: 30_000,
    codecs: ['PCMA'],
    ptimeMs: 20,
    originId: 1,
    security: plainOnly(),
  })
  const { sdp, remote } = negotiation.answer(description(['m=audio 4000 RTP/AVP 8'], 'c=IN IP6 2001:db8::1'))
  expect(remote.host).toBe('2001:db8::1')
  expect(sdp).toContain('c=IN IP6 2001:db8::9')
})

test.each([
  ['no codec of ours', ['m=audio 4000 RTP/AVP 9 18'], 'MEDIA_NO_COMMON_CODEC'],
  ['PCMA at another rate', ['m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMA/16000'], 'MEDIA_NO_COMMON_CODEC'],
  ['only encrypted audio', ['m=audio 4000 RTP/SAVP 8'], 'MEDIA_SRTP_REQUIRED'],
  ['audio with feedback and encryption', ['m=audio 4000 RTP/SAVPF 8'], 'MEDIA_NO_COMMON_CODEC'],
  ['audio with keys by DTLS', ['m=audio 4000 UDP/TLS/RTP/SAVP 8'], 'MEDIA_NO_COMMON_CODEC'],
  ['only fax', ['m=image 4000 udptl t38'], 'MEDIA_NO_COMMON_CODEC'],
  ['audio switched off', ['m=audio 0 RTP/AVP 8'], 'MEDIA_NO_COMMON_CODEC'],
  ['no section', [], 'MEDIA_BAD_SDP'],
  ['a port beyond the range', ['m=audio 70000 RTP/AVP 8'], 'MEDIA_BAD_SDP'],
])('%s gives an error with its code', (_name, lines, code) => {
  expect(() => ours().answer(description(lines))).toThrow(expect.objectContaining({ code }))
  expect(() => ours().acceptAnswer(description(lines))).toThrow(expect.objectContaining({ code }))
})

test.each(['', 'hello', 'v=1\r\n', `v=0\r\n${'x'.repeat(20_000)}`, 'v=0\r\nm=audio 4000 RTP/AVP 8\r\n'])(
  'text %# that is not a usable description is MEDIA_BAD_SDP',
  (text) => {
    expect(() => ours().answer(text)).toThrow(expect.objectContaining({ code: 'MEDIA_BAD_SDP' }))
  },
)

const cryptoLine = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4'

test.each<[string, SrtpMode, readonly string[]]>([
  ['plain', 'off', [...plain, 'a=sendonly', 'a=rtcp:4001', 'm=video 1 RTP/AVP 96']],
  ['encrypted', 'optional', ['m=audio 4000 RTP/SAVP 0 8', cryptoLine, ...plain, 'm=image 6000 udptl t38']],
  ['strictly encrypted', 'required', ['m=audio 4000 RTP/SAVP 0 8 101', cryptoLine, 'a=rtcp-mux', 'a=inactive']],
])('two thousand mutilated %s descriptions give an answer or a named error', (_name, mode, lines) => {
  const random = new SeededRandom(3)
  const text = description(lines)
  for (let round = 0; round < 2000; round += 1) {
    const bytes = [...text]
    for (let i = random.between(1, 12); i > 0; i -= 1) {
      bytes.splice(
        random.between(0, bytes.length - 1),
        random.between(0, 6),
        String.fromCharCode(random.between(9, 126)),
      )
    }
    for (const take of ['answer', 'acceptAnswer'] as const) {
      try {
        const negotiation = ours(undefined, mode)
        negotiation.offer()
        negotiation[take](bytes.join(''))
      } catch (error) {
        expect(error, bytes.join('')).toMatchObject({ name: 'VoiceError', code: expect.stringMatching(/^MEDIA_/) })
      }
    }
  }
})
