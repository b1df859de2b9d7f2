/** Where a word of Chinese ends: there are no blanks to tell. */
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Particles belong to the word before them. */
const particles = /^[的了吗呢吧着过们地得么啊呀]/u
const hanBefore = /\p{Script=Han}{2}$/u
const hanAfter = /^\p{Script=Han}{2}/u

/**
 * The last place in `text` where one Chinese word ends and the next begins, at least `minCharacters` from the start; two
 * characters more must be there to be sure of it. Not near figures. Undefined: there is none.
 */
export function lastHanBoundary(text: string, minCharacters: number): number | undefined {
  let found: number | undefined
  for (const { index } of segmenter.segment(text)) {
    if (index < minCharacters) continue
    const after = text.slice(index)
    const isWord = hanBefore.test(text.slice(0, index)) && hanAfter.test(after) && !particles.test(after)
    if (isWord && !/[\dA-Za-z]/u.test(text.slice(Math.max(0, index - 4), index + 3))) found = index
  }
  return found
}
