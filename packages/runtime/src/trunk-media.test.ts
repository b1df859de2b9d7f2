import { expect, test } from 'vitest'
import { mediaOf } from './trunk-media.ts'

test('a trunk that says nothing of media gets G.711, A-law first', () => {
  expect(mediaOf(undefined)).toEqual({ codecs: ['PCMA', 'PCMU'] })
  expect(mediaOf({})).toEqual({ codecs: ['PCMA', 'PCMU'] })
})

test('the media settings of a trunk reach the call, and what only the check of the file needs does not', () => {
  const media = { codecs: ['PCMU'], srtp: 'required', srtpOverClearSip: true, ptimeMs: 30, dtmf: 'info' } as const
  expect(mediaOf({ media: { ...media, codecs: ['PCMU'], sources: ['192.0.2.0/24'] } })).toEqual({
    codecs: ['PCMU'],
    srtp: 'required',
    ptimeMs: 30,
    dtmf: 'info',
    sources: ['192.0.2.0/24'],
  })
})

test('SDP shows the media address of the trunk', () => {
  expect(mediaOf({ advertised: { host: 'sip.example.com', mediaHost: '203.0.113.7' } })).toMatchObject({
    advertisedHost: '203.0.113.7',
  })
  expect(mediaOf({ advertised: { host: 'sip.example.com' } })).not.toHaveProperty('advertisedHost')
})
