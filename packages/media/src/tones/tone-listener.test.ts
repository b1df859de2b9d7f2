import { describe, expect, test } from 'vitest'
import { sentences } from '../../test/detection/speech-material.ts'
import { ToneListener } from './tone-listener.ts'

type Part = readonly [hz: readonly number[], ms: number]

function heardIn(parts: readonly Part[], noiseDb = -60, gainDb = -16): string[] {
  const samples: number[] = []
  let seed = 1
  const noise = () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed / 0x40000000 - 1) * 32768 * 10 ** (noiseDb / 20)
  }
  for (const [hz, ms] of parts) {
    for (let i = 0; i < ms * 8; i += 1) {
      const t = samples.length / 8000
      const tone = hz.reduce((sum, f) => sum + Math.sin(2 * Math.PI * f * t), 0)
      samples.push(tone * 32768 * 10 ** (gainDb / 20) * (hz.length > 1 ? 0.7 : 1) + noise())
    }
  }
  return heard(Int16Array.from(samples))
}

function heard(samples: Int16Array): string[] {
  const tones: string[] = []
  const listener = new ToneListener((tone) => tones.push(tone))
  for (let at = 0; at + 160 <= samples.length; at += 160) listener.onFrame(samples.subarray(at, at + 160), at / 8)
  return tones
}

const repeat = (times: number, ...parts: readonly Part[]): Part[] => Array.from({ length: times }, () => parts).flat()
const quiet = (ms: number): Part => [[], ms]

describe('tones of the network by country', () => {
  test.each<[string, Part[], string]>([
    ['ring-back of North America', repeat(2, [[440, 480], 2000], quiet(4000)), 'ringback'],
    ['ring-back of China', repeat(2, [[450], 1000], quiet(4000)), 'ringback'],
    ['ring-back of Germany', repeat(2, [[425], 1000], quiet(4000)), 'ringback'],
    ['ring-back of Britain', repeat(2, [[400, 450], 400], quiet(200), [[400, 450], 400], quiet(2000)), 'ringback'],
    ['busy of North America', repeat(4, [[480, 620], 500], quiet(500)), 'busy'],
    ['busy of China', repeat(4, [[450], 350], quiet(350)), 'busy'],
    ['busy of Germany', repeat(4, [[425], 480], quiet(480)), 'busy'],
    ['reorder of North America', repeat(4, [[480, 620], 250], quiet(250)), 'congestion'],
    ['congestion of China', repeat(4, [[450], 700], quiet(700)), 'congestion'],
    ['special information of ITU-T E.180', [[[950], 330], [[1400], 330], [[1800], 330], quiet(500)], 'sit'],
    ['intercept', [[[913.8], 274], [[1370.6], 274], [[1776.7], 380], quiet(500)], 'sit.noNumber'],
    ['vacant code', [[[985.2], 380], [[1370.6], 274], [[1776.7], 380], quiet(500)], 'sit.noNumber'],
    ['no circuit', [[[985.2], 380], [[1428.5], 380], [[1776.7], 380], quiet(500)], 'sit'],
    ['fax that calls', [[[1100], 500], quiet(3000)], 'fax'],
    ['fax that answers', [[[2100], 2600], quiet(500)], 'fax'],
    ['beep of an answering machine', [quiet(500), [[1000], 400], quiet(500)], 'beep'],
    ['beep of a voice mailbox', [quiet(500), [[1400], 180], quiet(500)], 'beep'],
  ])('%s', (_name, parts, expected) => {
    expect(new Set(heardIn([quiet(300), ...parts]))).toEqual(new Set([expected]))
    expect(new Set(heardIn([quiet(307), ...parts], -45, -26))).toEqual(new Set([expected]))
  })
})

test('silence and noise are no tone', () => {
  expect(heardIn([quiet(20_000)])).toEqual([])
  expect(heardIn([quiet(20_000)], -25)).toEqual([])
})

test('speech is no tone', () => {
  for (const { name, samples } of sentences([''], -20)) expect([name, heard(samples)]).toEqual([name, []])
})
