import type { CodecName } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { MediaSecurity, type SrtpMode } from './media-security.ts'
import { Negotiation } from './negotiation.ts'

const plainOnly = () => new MediaSecurity('off', new SeededRandom(1))

function ours(codecs: readonly CodecName[] = ['PCMA', 'PCMU'], srtp: SrtpMode = 'off'): Negotiation {
  const security = new MediaSecurity(srtp, new SeededRandom(1))
  return new Negotiation({ host: '10.0.0.9', port: 30_000, codecs, originId: 77, security })
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

test('the answer names one codec, the first of the offer that is ours', () => {
  const { sdp, remote } = ours().answer(description(plain))
  expect(sdp).toContain('m=audio 30000 RTP/AVP 0 101\r\n')
  expect(remote).toMatchObject({ codec: 'PCMU', host: '192.0.2.1', port: 4000, rtcpPort: 4001, maySend: true })
  expect(ours(['PCMA']).answer(description(plain)).remote.codec).toBe('PCMA')
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
  expect(sections).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 30000 RTP/AVP 0 101', 'm=image 0 udptl t38'])
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
