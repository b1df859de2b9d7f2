import { expect, test } from 'vitest'
import { audioSectionOf } from './audio-section.ts'

const lines = (...all: readonly string[]) => `${all.join('\r\n')}\r\n`

test.each([
  ['static types', lines('v=0', 'm=audio 0 RTP/AVP 8 0 18 101'), ['PCMA', 'PCMU', 'G729'], false],
  [
    'named types, without telephone events and comfort noise',
    lines(
      'v=0',
      'm=audio 9 RTP/AVP 96 101 13',
      'a=rtpmap:96 opus/48000/2',
      'a=rtpmap:101 telephone-event/8000',
      'a=rtpmap:13 CN/8000',
    ),
    ['opus'],
    false,
  ],
  ['a profile with keys', lines('v=0', 'm=audio 9 RTP/SAVP 8'), ['PCMA'], true],
  [
    'attributes of its own section alone',
    lines('v=0', 'm=audio 9 RTP/AVP 8', 'm=video 9 RTP/SAVP 96', 'a=crypto:1 x inline:y'),
    ['PCMA'],
    false,
  ],
] as const)('an audio section with %s', (_what, sdp, codecs, isSecure) => {
  expect(audioSectionOf(sdp)).toMatchObject({ codecs, isSecure })
})

test('a description without audio has none', () => {
  expect(audioSectionOf(lines('v=0', 'm=image 9 udptl t38'))).toBeUndefined()
})
