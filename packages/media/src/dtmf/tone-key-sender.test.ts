import { expect, test } from 'vitest'
import { powerDbAt } from '../../test/codec-quality.ts'
import { ToneKeySender } from './tone-key-sender.ts'

function play(keys: string, frameSamples: number): Int16Array {
  const sender = new ToneKeySender()
  for (const key of keys) sender.push(key)
  const out: number[] = []
  const frame = new Int16Array(frameSamples)
  while (sender.active && out.length < 80_000) {
    sender.fill(frame)
    out.push(...frame)
  }
  return Int16Array.from(out)
}

test.each([80, 160, 240, 480])(
  'a key is 100 ms of its two tones and 80 ms of silence, in frames of %i samples',
  (frameSamples) => {
    const out = play('8#', frameSamples)
    expect(out.length).toBe(Math.ceil(2880 / frameSamples) * frameSamples)
    const [eight, pause, hash] = [out.subarray(0, 800), out.subarray(800, 1440), out.subarray(1440, 2240)]
    expect(pause.every((sample) => sample === 0)).toBe(true)
    const fullDb = 20 * Math.log10(32_767)
    for (const [tone, rowHz, columnHz] of [
      [eight, 852, 1336],
      [hash, 941, 1477],
    ] as const) {
      expect(Math.abs(powerDbAt(tone, rowHz, 8000) - fullDb + 11)).toBeLessThan(0.5)
      expect(Math.abs(powerDbAt(tone, columnHz, 8000) - fullDb + 9)).toBeLessThan(0.5)
      expect(powerDbAt(tone, 697, 8000)).toBeLessThan(fullDb - 40)
    }
  },
)

test('what is no key is passed over', () => {
  expect(play('x +', 160).length).toBe(0)
  expect(play('a', 160).length).toBe(1440)
})
