import { pronounce } from '../../asr/model/letter-to-sound.ts'
import { spokenSentences } from '../../asr/model/spoken-words.ts'
import type { SpokenSegment } from './spoken-segments.ts'

/** Costs of the alignment. Taste; the order matters: same kind, other kind, one too many, a pause within a word. */
const sameKindCost = 0.6
const otherKindCost = 1.8
const extraCost = 1
const brokenWordCost = 3

const vowels = new Set('aa ae ah ao aw ax ay eh er ey ih iy ow oy uh uw'.split(' '))

/** Frequent short words that are not spoken as they are spelled. */
const irregular: ReadonlyMap<string, string> = new Map([
  ['a', 'ax'],
  ['are', 'aa r'],
  ['do', 'd uw'],
  ['eight', 'ey t'],
  ['i', 'ay'],
  ['of', 'ax v'],
  ['one', 'w ah n'],
  ['the', 'dh ax'],
  ['to', 't ax'],
  ['two', 't uw'],
  ['was', 'w aa z'],
  ['who', 'hh uw'],
  ['you', 'y uw'],
])

interface ExpectedPhone {
  readonly phone: string
  readonly word: number
}

/**
 * When each word of `text` (parted by blanks) ends, in seconds; as many as there are words, rising. Empty when there is
 * nothing to tell.
 *
 * Flite prints the phones it spoke and their ends, but not which word they belong to. The phones the words should have,
 * by spelling, are laid against the spoken ones with the fewest changes; a spoken phone belongs to the word it lies at.
 *
 * @see Needleman and Wunsch 1970
 */
export function wordEnds(text: string, segments: readonly SpokenSegment[]): readonly number[] {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const expected = words.flatMap(expectedPhones)
  if (expected.length === 0 || segments.length === 0) return []
  const path = align(expected, segments)
  const ends = new Array<number>(words.length).fill(Number.NaN)
  for (const [index, word] of path.entries()) {
    const segment = segments[index] as SpokenSegment
    if (word !== undefined && segment.phone !== 'pau') ends[word] = segment.endS
  }
  // What was not heard of a word (or has no sound, as a dash) ends with the word before it.
  let lastS = 0
  return ends.map((endS) => {
    lastS = Number.isNaN(endS) ? lastS : endS
    return lastS
  })
}

function expectedPhones(word: string, index: number): ExpectedPhone[] {
  return spokenSentences(word)
    .flat()
    .flatMap((spoken) => (irregular.get(spoken) ?? pronounce(spoken).toLowerCase()).split(' '))
    .map((phone) => ({ phone, word: index }))
}

/** The word of each segment: that of the expected phone it is laid at, or of the last one before it. */
function align(expected: readonly ExpectedPhone[], segments: readonly SpokenSegment[]): (number | undefined)[] {
  const columns = segments.length + 1
  const costs = new Float64Array((expected.length + 1) * columns)
  for (let row = 0; row <= expected.length; row += 1) {
    for (let column = 0; column <= segments.length; column += 1) {
      if (row + column > 0) costs[row * columns + column] = bestOf(expected, segments, costs, row, column).cost
    }
  }
  const words: (number | undefined)[] = new Array(segments.length)
  for (let row = expected.length, column = segments.length; row + column > 0; ) {
    const { rows, columns: used } = bestOf(expected, segments, costs, row, column)
    if (used === 1) words[column - 1] = (expected[row - 1] ?? expected[0])?.word
    row -= rows
    column -= used
  }
  return words
}

interface Step {
  readonly cost: number
  readonly rows: 0 | 1
  readonly columns: 0 | 1
}

function bestOf(
  expected: readonly ExpectedPhone[],
  segments: readonly SpokenSegment[],
  costs: Float64Array,
  row: number,
  column: number,
): Step {
  const width = segments.length + 1
  const at = row * width + column
  const phone = segments[column - 1]?.phone ?? ''
  const atEdge = expected[row - 1]?.word !== expected[row]?.word
  const skipCost = phone === 'pau' ? (atEdge ? 0 : brokenWordCost) : extraCost
  let best: Step = { cost: Number.POSITIVE_INFINITY, rows: 0, columns: 0 }
  if (row > 0 && column > 0 && phone !== 'pau') {
    const cost = (costs[at - width - 1] as number) + changeCost(expected[row - 1]?.phone ?? '', phone)
    best = { cost, rows: 1, columns: 1 }
  }
  const spare = column > 0 ? (costs[at - 1] as number) + skipCost : Number.POSITIVE_INFINITY
  if (spare < best.cost) best = { cost: spare, rows: 0, columns: 1 }
  const missing = row > 0 ? (costs[at - width] as number) + extraCost : Number.POSITIVE_INFINITY
  return missing < best.cost ? { cost: missing, rows: 1, columns: 0 } : best
}

function changeCost(wanted: string, spoken: string): number {
  if (wanted === spoken || (wanted === 'ah' && spoken === 'ax')) return 0
  return vowels.has(wanted) === vowels.has(spoken) ? sameKindCost : otherKindCost
}
