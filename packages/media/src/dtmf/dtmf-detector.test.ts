import { readdirSync } from 'node:fs'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { readClip } from '../../test/clips.ts'
import { DtmfDetector } from './dtmf-detector.ts'
import { tonesOf } from './dtmf-tones.ts'

const allKeys = '0123456789*#ABCD'

interface Tone {
  readonly key: string
  readonly ms: number
  /** Of the row; the column's follows from `twistDb`. */
  readonly dbfs?: number
  /** Column over row. */
  readonly twistDb?: number
  /** Both frequencies are off by this. */
  readonly offPercent?: number
  readonly pauseMs?: number
}

/** The tones after `leadMs` of silence, with white noise of `noiseDbfs`, and silence at the end. */
function signal(tones: readonly Tone[], leadMs: number, noiseDbfs: number, random: SeededRandom): Int16Array {
  const samples: number[] = Array.from({ length: leadMs * 8 }, () => 0)
  for (const { key, ms, dbfs = -15, twistDb = 0, offPercent = 0, pauseMs = 60 } of tones) {
    const { rowHz, columnHz } = tonesOf(key) as { rowHz: number; columnHz: number }
    const amplitude = 32_768 * 10 ** (dbfs / 20)
    const off = (2 * Math.PI * (1 + offPercent / 100)) / 8000
    for (let i = 0; i < ms * 8; i += 1) {
      const row = Math.sin(rowHz * off * i)
      samples.push(amplitude * (row + 10 ** (twistDb / 20) * Math.sin(columnHz * off * i)))
    }
    for (let i = 0; i < pauseMs * 8; i += 1) samples.push(0)
  }
  while (samples.length % 160 !== 0 || samples.length < 4000) samples.push(0)
  for (let i = 0; i < 800; i += 1) samples.push(0)
  const noise = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(12)
  return Int16Array.from(samples, (value) => Math.round(value + noise * (random.next() - 0.5)))
}

function keysIn(samples: Int16Array): { readonly keys: string; readonly ms: number[]; readonly toneFrames: number } {
  let keys = ''
  const ms: number[] = []
  let toneFrames = 0
  const detector = new DtmfDetector((key, durationMs) => {
    keys += key
    ms.push(durationMs)
  })
  for (let at = 0; at + 160 <= samples.length; at += 160) {
    if (detector.onFrame(samples.subarray(at, at + 160))) toneFrames += 1
  }
  return { keys, ms, toneFrames }
}

test('every key is heard once, doubled ones too, wherever it begins in a frame', () => {
  const random = new SeededRandom(1)
  for (let leadMs = 20; leadMs < 40; leadMs += 1) {
    const tones = [...allKeys, ...'5500'].map((key) => ({ key, ms: 60 }))
    expect(keysIn(signal(tones, leadMs, -60, random)).keys).toBe(`${allKeys}5500`)
  }
})

test.each<[string, Partial<Tone> & { readonly ms: number }]>([
  ['40 ms with pauses of 40 ms', { ms: 40, pauseMs: 40 }],
  ['a row that is 8 dB louder', { ms: 60, twistDb: -8 }],
  ['a column that is 4 dB louder', { ms: 60, twistDb: 4 }],
  ['frequencies 1.5% too high', { ms: 60, offPercent: 1.5 }],
  ['frequencies 1.5% too low', { ms: 60, offPercent: -1.5 }],
  ['tones of -35 dBFS', { ms: 60, dbfs: -35 }],
  ['tones of -7 dBFS', { ms: 60, dbfs: -7 }],
  ['tones of two seconds', { ms: 2000 }],
])('%s are accepted', (_name, tone) => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const tones = [...allKeys].map((key) => ({ key, ...tone }))
    const samples = signal(tones, 20 + seed * 2, (tone.dbfs ?? -15) - 18, new SeededRandom(seed))
    expect(keysIn(samples).keys, `seed ${seed}`).toBe(allKeys)
  }
})

test.each<[string, Partial<Tone> & { readonly ms: number }]>([
  ['tones of 22 ms', { ms: 22 }],
  ['a row that is 15 dB louder', { ms: 100, twistDb: -15 }],
  ['a column that is 9 dB louder', { ms: 100, twistDb: 9 }],
  ['tones of -50 dBFS', { ms: 100, dbfs: -50 }],
])('%s are no keys', (_name, tone) => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const tones = [...allKeys].map((key) => ({ key, ...tone }))
    expect(keysIn(signal(tones, 20 + seed * 2, -70, new SeededRandom(seed))).keys, `seed ${seed}`).toBe('')
  }
})

test('a break of 10 ms in a key makes no second one', () => {
  for (let leadMs = 20; leadMs < 40; leadMs += 1) {
    const tones = [...'1234'].flatMap((key) => [
      { key, ms: 60, pauseMs: 10 },
      { key, ms: 60, pauseMs: 60 },
    ])
    expect(keysIn(signal(tones, leadMs, -60, new SeededRandom(leadMs))).keys).toBe('1234')
  }
})

test('the length of a key is told within 20 ms', () => {
  for (const ms of [50, 100, 300]) {
    const told = keysIn(signal([{ key: '8', ms }], 33, -60, new SeededRandom(3))).ms
    expect(Math.abs((told[0] as number) - ms)).toBeLessThanOrEqual(20)
  }
})

test('frames of a key are told as such, but for a few ms at its edges', () => {
  const { toneFrames } = keysIn(signal([{ key: '8', ms: 200 }], 40, -60, new SeededRandom(3)))
  expect(toneFrames).toBeGreaterThanOrEqual(10)
  expect(toneFrames).toBeLessThanOrEqual(13)
})

test('no human clip holds a key or is muted, at any level', () => {
  const names = readdirSync(new URL('../../../../apps/callee/clips', import.meta.url)).filter((name) =>
    name.endsWith('.wav'),
  )
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) {
    const clip = readClip(name)
    for (const gain of [1, 0.3, 0.1]) {
      const { keys, toneFrames } = keysIn(clip.map((sample) => sample * gain))
      expect([name, gain, keys, toneFrames]).toEqual([name, gain, '', 0])
    }
  }
})
