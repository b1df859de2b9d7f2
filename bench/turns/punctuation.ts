import type { SeededRandom } from '../seeded-random.ts'
import type { Label } from './scenario/scenario.ts'
import type { Figures } from './virtual/figures.ts'

/** Where in its sentence a word stands that a pause follows. */
export type Point = 'end' | 'clause' | 'middle'

/** `text` up to the pause, as a scenario writes it: its own punctuation tells. */
export function pointAfter(text: string, label: Label | null): Point {
  if (label !== 'hold') return 'end'
  return /[.,;:!?，。！？、；：]\s*$/u.test(text) ? 'clause' : 'middle'
}

/** What one call's recogniser writes after a word that a pause follows. It does not know whether more will come. */
export class Punctuation {
  private readonly writes: boolean
  private readonly figures: Figures['recognizer']
  private readonly random: SeededRandom

  constructor(figures: Figures['recognizer'], random: SeededRandom) {
    this.figures = figures
    this.random = random
    this.writes = random.next() < figures.punctuates
  }

  after(point: Point): string {
    if (!this.writes) return ''
    const { marksEnd, falseStop, comma } = this.figures
    const dice = this.random.next()
    if (point === 'end') return dice < marksEnd ? '.' : ''
    if (point === 'middle') return dice < falseStop.middle ? '.' : ''
    if (dice < falseStop.clause) return '.'
    return dice < falseStop.clause + comma ? ',' : ''
  }
}
