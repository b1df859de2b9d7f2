import { expect, test } from 'vitest'
import { estimateMos } from './e-model.ts'

// The ratings behind them, by the formula: 93.2, 90.8, 89.6, 59.1, 89.1, 77.0, 50.6; G.107 annex B gives their scores.
test.each([
  [0, 0, 4.41],
  [0, 100, 4.36],
  [0, 150, 4.34],
  [0, 400, 3.05],
  [1, 20, 4.33],
  [5, 20, 3.94],
  [20, 20, 2.61],
  [100, 20, 1.2],
  [100, 5000, 1],
])('loss of %s in a hundred and %s ms one way are a MOS of %s', (lossPercent, oneWayMs, mos) => {
  expect(estimateMos({ codec: 'PCMA', lossPercent, oneWayMs })).toBeCloseTo(mos, 1)
})

test.each(['G722', 'opus'] as const)(
  'a call in %s is rated on the scale of the telephone band, as one in G.711',
  (codec) => {
    for (const lossPercent of [0, 2, 20]) {
      expect(estimateMos({ codec, lossPercent, oneWayMs: 60 })).toBe(
        estimateMos({ codec: 'PCMA', lossPercent, oneWayMs: 60 }),
      )
    }
  },
)

test('more loss or more delay is never better', () => {
  let before = 5
  for (let lossPercent = 0; lossPercent <= 100; lossPercent += 0.5) {
    const mos = estimateMos({ codec: 'PCMU', lossPercent, oneWayMs: 50 })
    expect(mos).toBeLessThanOrEqual(before)
    expect(mos).toBeGreaterThanOrEqual(1)
    before = mos
  }
  before = 5
  for (let oneWayMs = 0; oneWayMs < 2000; oneWayMs += 10) {
    const mos = estimateMos({ codec: 'PCMU', lossPercent: 0, oneWayMs })
    expect(mos).toBeLessThanOrEqual(before)
    before = mos
  }
})
