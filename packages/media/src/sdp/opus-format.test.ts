import { expect, test } from 'vitest'
import { opusSettings } from './opus-format.ts'

test.each([
  ['', { bitrateBps: 24_000, inbandFec: false, constantBitrate: false }],
  ['useinbandfec=1; minptime=10', { bitrateBps: 24_000, inbandFec: true, constantBitrate: false }],
  ['maxaveragebitrate=12000;cbr=1;usedtx=1', { bitrateBps: 12_000, inbandFec: false, constantBitrate: true }],
  ['MaxAverageBitrate=510000', { bitrateBps: 24_000, inbandFec: false, constantBitrate: false }],
  ['maxaveragebitrate=10', { bitrateBps: 6000, inbandFec: false, constantBitrate: false }],
  ['maxaveragebitrate=much;;=;x', { bitrateBps: 24_000, inbandFec: false, constantBitrate: false }],
])('the parameters "%s" give settings within what the encoder can do', (parameters, settings) => {
  expect(opusSettings(parameters)).toEqual(settings)
})
