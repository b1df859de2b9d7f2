import { expect, test } from 'vitest'
import { completeness } from '../../src/turn/language/completeness.ts'
import type { Expectation } from '../../src/turn/language/expectation.ts'

/** What a person hearing the pause would do. */
export type Verdict =
  /** Answers at once: at least .8. */
  | 'over'
  /** Would soon answer: .58 to .92. */
  | 'probably'
  /** Waits a moment: .3 to .6. */
  | 'unclear'
  /** Waits: at most .35. */
  | 'goesOn'
  /** Waits for sure: at most .2. */
  | 'cannotEnd'

/** Text, verdict, reason, and what the assistant had asked for with the length it named. */
export type Row = readonly [text: string, verdict: Verdict, reason: string, expecting?: Expectation, length?: number]

const bounds: Readonly<Record<Verdict, readonly [least: number, most: number]>> = {
  over: [0.8, 1],
  probably: [0.58, 0.92],
  unclear: [0.3, 0.6],
  goesOn: [0, 0.35],
  cannotEnd: [0, 0.2],
}

/** One test a row. */
export function judge(language: string, rows: readonly Row[]): void {
  test.each(rows.map((row) => ({ row, name: `"${row[0]}" ${row[1]}: ${row[2]}` })))('$name', ({ row }) => {
    const [text, verdict, , expecting = 'nothing', length] = row
    const [least, most] = bounds[verdict]
    const score = completeness(text, language, expecting, length)
    expect(score, `score ${score}`).toBeGreaterThanOrEqual(least)
    expect(score, `score ${score}`).toBeLessThanOrEqual(most)
  })
}
