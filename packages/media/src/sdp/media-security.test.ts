import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { MediaSecurity, type SrtpMode } from './media-security.ts'
import { Negotiation } from './negotiation.ts'

const key = (fill: number) => Buffer.alloc(30, fill).toString('base64')
const line = (tag: number, suite: string, fill: number, more = '') =>
  `a=crypto:${tag} ${suite} inline:${key(fill)}${more}`
const s80 = 'AES_CM_128_HMAC_SHA1_80'
const s32 = 'AES_CM_128_HMAC_SHA1_32'

function leg(mode: SrtpMode, seed = 1): Negotiation {
  const security = new MediaSecurity(mode, new SeededRandom(seed))
  return new Negotiation({ host: '10.0.0.9', port: 30_000, codecs: ['PCMA'], originId: 1, security })
}

function sdp(...lines: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...lines, ''].join('\r\n')
}

const plain = ['m=audio 4000 RTP/AVP 8']
const secure = (...crypto: readonly string[]) => ['m=audio 5000 RTP/SAVP 8', ...crypto]
const cryptoOf = (text: string) => text.split('\r\n').filter((each) => each.startsWith('a=crypto:'))
const refused = expect.objectContaining({ code: 'MEDIA_SRTP_REQUIRED' })

test('required offers SAVP with both suites, each with a key of its own, never the same for two legs', () => {
  const offer = leg('required').offer()
  expect(offer).toContain('m=audio 30000 RTP/SAVP 8 101')
  const keys = [...offer.matchAll(/a=crypto:(\d) (\w+) inline:([\w+/]{40})\r\n/g)]
  expect(keys.map(([, tag, suite]) => [tag, suite])).toEqual([
    ['1', s80],
    ['2', s32],
  ])
  const others = [
    ...leg('required', 2)
      .offer()
      .matchAll(/inline:([\w+/]{40})/g),
  ]
  expect(new Set([...keys.map((match) => match[3]), ...others.map((match) => match[1])]).size).toBe(4)
})

test.each<SrtpMode>(['off', 'optional'])('%s offers plain RTP without keys', (mode) => {
  const offer = leg(mode).offer()
  expect(offer).toContain('RTP/AVP')
  expect(offer).not.toContain('crypto')
})

test('two legs that require it agree on keys, each sending with its own', () => {
  const [near, far] = [leg('required', 1), leg('required', 2)]
  const { sdp: answer, remote: seenByFar } = far.answer(near.offer())
  const seenByNear = near.acceptAnswer(answer)
  expect(seenByNear.srtp?.suite).toBe(s80)
  expect(seenByNear.srtp?.ours).toEqual(seenByFar.srtp?.theirs)
  expect(seenByNear.srtp?.theirs).toEqual(seenByFar.srtp?.ours)
  expect(seenByNear.srtp?.ours).not.toEqual(seenByNear.srtp?.theirs)
})

test('the answer keeps tag and suite of the first line that can be used', () => {
  const lines = [line(1, 'AES_256_CM_HMAC_SHA1_80', 1), line(7, s32, 2), line(8, s80, 3)]
  const { sdp: answer, remote } = leg('optional').answer(sdp(...secure(...lines)))
  expect(answer).toContain('m=audio 30000 RTP/SAVP 8')
  expect(cryptoOf(answer)).toEqual([expect.stringMatching(/^a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:[\w+/]{40}$/)])
  expect(remote.srtp).toMatchObject({ suite: s32, theirs: new Uint8Array(30).fill(2), theirMkiBytes: 0 })
})

test.each<[SrtpMode, readonly string[], string | undefined]>([
  ['off', [...plain, ...secure(line(1, s80, 1))], 'RTP/AVP'],
  ['optional', [...plain, ...secure(line(1, s80, 1))], 'RTP/SAVP'],
  ['required', [...plain, ...secure(line(1, s80, 1))], 'RTP/SAVP'],
  ['optional', plain, 'RTP/AVP'],
  ['optional', [...plain, line(1, s80, 1)], 'RTP/AVP'],
  ['required', [...plain, line(1, s80, 1)], undefined],
  ['off', secure(line(1, s80, 1)), undefined],
  ['required', plain, undefined],
  ['optional', secure(), undefined],
  ['required', secure(line(1, 'F8_128_HMAC_SHA1_80', 1)), undefined],
])('%s, offered %j, speaks %s', (mode, lines, spoken) => {
  const answering = () => leg(mode).answer(sdp(...lines))
  if (spoken === undefined) return expect(answering).toThrow(refused)
  const live = /m=audio 30000 (\S+)/.exec(answering().sdp)
  expect(live?.[1]).toBe(spoken)
  expect(answering().remote.srtp !== undefined).toBe(spoken === 'RTP/SAVP')
})

test.each([
  ['a lifetime', '|2^48', 0],
  ['a key identifier', '|1:4', 4],
  ['a lifetime and a key identifier', '|2^31|1:32', 32],
  ['a decimal lifetime', '|1048576', 0],
  ['a window hint', ' WSH=128', 0],
  ['an unknown parameter that may be ignored', ' -NEW=1', 0],
])('a line with %s can be used', (_name, more, mkiBytes) => {
  const { remote } = leg('required').answer(sdp(...secure(line(1, s80, 1, more))))
  expect(remote.srtp?.theirMkiBytes).toBe(mkiBytes)
})

test.each([
  ['no encryption', line(1, s80, 1, ' UNENCRYPTED_SRTP')],
  ['no encryption of reports, behind a window hint', line(1, s80, 1, ' WSH=64 UNENCRYPTED_SRTCP')],
  ['no authentication', line(1, s80, 1, ' UNAUTHENTICATED_SRTP')],
  ['key derivation on the way', line(1, s80, 1, ' KDR=2')],
  ['two keys', line(1, s80, 1, `|1:1;inline:${key(2)}|2:1`)],
  ['a short key', `a=crypto:1 ${s80} inline:${key(1).slice(4)}`],
  ['a long identifier', line(1, s80, 1, '|1:129')],
  ['no inline key', `a=crypto:1 ${s80} uri:https://192.0.2.1/key`],
  ['a tag that is no number', `a=crypto:x ${s80} inline:${key(1)}`],
])('a line with %s cannot', (_name, crypto) => {
  expect(() => leg('required').answer(sdp(...secure(crypto)))).toThrow(refused)
})

test('an answer must fit the offer: SAVP to SAVP with a suite of ours, AVP to AVP', () => {
  const [required, optional] = [leg('required'), leg('optional')]
  required.offer()
  optional.offer()
  expect(() => required.acceptAnswer(sdp(...plain))).toThrow(refused)
  expect(() => required.acceptAnswer(sdp(...secure()))).toThrow(refused)
  expect(required.acceptAnswer(sdp(...secure(line(2, s32, 4)))).srtp?.suite).toBe(s32)
  expect(() => optional.acceptAnswer(sdp(...secure(line(1, s80, 4))))).toThrow(refused)
  expect(optional.acceptAnswer(sdp(...plain)).srtp).toBeUndefined()
})

test('a re-offer keeps our key and takes a new one of the peer', () => {
  const negotiation = leg('required')
  const first = negotiation.answer(sdp(...secure(line(1, s80, 1))))
  const again = negotiation.answer(sdp(...secure(line(1, s80, 1)), 'a=sendonly'))
  expect(cryptoOf(again.sdp)).toEqual(cryptoOf(first.sdp))
  const rekeyed = negotiation.answer(sdp(...secure(line(1, s80, 2))))
  expect(cryptoOf(rekeyed.sdp)).toEqual(cryptoOf(first.sdp))
  expect(rekeyed.remote.srtp?.theirs).toEqual(new Uint8Array(30).fill(2))
  const other = negotiation.answer(sdp(...secure(line(1, s32, 2))))
  expect(other.remote.srtp?.ours).not.toEqual(first.remote.srtp?.ours)
  const back = negotiation.answer(sdp(...secure(line(1, s80, 2))))
  expect(back.remote.srtp?.ours).not.toEqual(first.remote.srtp?.ours)
})

test('an optional leg that is encrypted offers its suite and key from then on', () => {
  const negotiation = leg('optional')
  const { sdp: answer } = negotiation.answer(sdp(...secure(line(3, s32, 1))))
  const offer = negotiation.offer()
  expect(offer).toContain('RTP/SAVP')
  const inline = (text: string) => cryptoOf(text).map((each) => each.split(' ').slice(1))
  expect(inline(offer)).toEqual(inline(answer))
})

test('a refused re-offer leaves what was agreed', () => {
  const negotiation = leg('required')
  const first = negotiation.answer(sdp(...secure(line(1, s80, 1))))
  expect(() => negotiation.answer(sdp(...plain))).toThrow(refused)
  expect(() => negotiation.answer(sdp('m=image 4000 udptl t38'))).toThrow(
    expect.objectContaining({ code: 'MEDIA_NO_COMMON_CODEC' }),
  )
  expect(cryptoOf(negotiation.offer()).map((each) => each.split(' ').slice(1))).toEqual(
    cryptoOf(first.sdp).map((each) => each.split(' ').slice(1)),
  )
})
