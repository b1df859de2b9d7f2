import { complianceToneMs } from '@parley/core'
import { expect, test } from 'vitest'
import { ComplianceTone } from './compliance-tone.ts'
import { ToneSegments } from './tone-segments.ts'

test('it says "AI" in Morse code, as long as the rest of the engine believes', () => {
  const tone = new ComplianceTone()
  const frame = new Int16Array(80)
  const loud: boolean[] = []
  while (tone.isActive) {
    tone.fill(frame)
    loud.push(frame.some((sample) => Math.abs(sample) > 2_000))
  }
  expect(loud.length * 10).toBe(complianceToneMs)
  const unit = loud.length / 11
  const letters = Array.from({ length: 11 }, (_, i) => (loud[Math.floor((i + 0.5) * unit)] ? '=' : '.')).join('')
  expect(letters).toBe('=.===...=.=')
})

test('behind its end there is silence', () => {
  const tone = new ComplianceTone()
  const frame = new Int16Array(480)
  for (let i = 0; i < 20; i += 1) tone.fill(frame)
  expect(tone.isActive).toBe(false)
  expect(frame.every((sample) => sample === 0)).toBe(true)
})

test('it is one pure tone that no key and no network uses', () => {
  const found: number[] = []
  const segments = new ToneSegments(({ kind, frequencyHz }) => kind === 'tone' && found.push(frequencyHz))
  const tone = new ComplianceTone()
  const frame = new Int16Array(160)
  for (let i = 0; i < 50; i += 1) {
    tone.fill(frame)
    segments.onFrame(frame, i * 20)
  }
  expect(found.length).toBeGreaterThan(0)
  for (const hz of found) expect(Math.abs(hz - 700)).toBeLessThan(20)
})
