import { expect, test } from 'vitest'
import { telephoneClip } from '../../test/clips.ts'
import { bestSnr, powerDbAt, sine, throughCodec } from '../../test/codec-quality.ts'
import { newG722 } from './g722-codec.ts'

test.each([80, 160, 240, 480])(
  'human speech in packets of %i samples comes back with 30 dB of signal over noise',
  (packet) => {
    for (const name of ['asterisk8k-en-queue-thankyou', 'asterisk8k-en-agent-alreadyon']) {
      const clip = telephoneClip(name)
      const { snrDb, delay } = bestSnr(clip, throughCodec(newG722(), clip, packet))
      expect(snrDb, name).toBeGreaterThan(30)
      // 12 samples up, 11 in the mirror filters, 11 down: 4.25 ms.
      expect(delay).toBe(34)
    }
  },
)

test.each([300, 440, 1000, 2500, 3400])('a tone of %i Hz keeps frequency and level', (hz) => {
  const out = throughCodec(newG722(), sine(hz, 8000, 8000)).subarray(800)
  const levelDb = 20 * Math.log10(8000)
  expect(Math.abs(powerDbAt(out, hz, 8000) - levelDb)).toBeLessThan(0.3)
  for (const other of [hz - 40, hz + 40]) expect(powerDbAt(out, other, 8000)).toBeLessThan(levelDb - 30)
})

test('two legs do not share state', () => {
  const clip = telephoneClip('asterisk8k-en-queue-thankyou')
  const alone = throughCodec(newG722(), clip)
  const [one, other] = [newG722(), newG722()]
  throughCodec(other, sine(440, 1600, 30_000))
  expect(throughCodec(one, clip)).toEqual(alone)
})
