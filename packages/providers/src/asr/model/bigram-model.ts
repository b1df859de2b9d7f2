import type { WeightedSentence } from './core-phrases.ts'

const sentenceStart = '<s>'
const sentenceEnd = '</s>'
/** Given to each word on top of its count, so that a rare word stays possible after any other. */
const unigramPrior = 0.3

/**
 * A bigram model with Witten-Bell smoothing, interpolated with the unigrams, as text in the ARPA format.
 * @see I. Witten, T. Bell: The zero-frequency problem (1991), method C; ARPA back-off format of the CMU toolkit
 */
export function bigramArpa(sentences: readonly WeightedSentence[]): string {
  const unigrams = new Map<string, number>()
  const bigrams = new Map<string, Map<string, number>>()
  for (const { words, weight } of sentences) {
    let previous = sentenceStart
    for (const word of [...words, sentenceEnd]) {
      unigrams.set(word, (unigrams.get(word) ?? 0) + weight)
      const followers = bigrams.get(previous) ?? new Map<string, number>()
      followers.set(word, (followers.get(word) ?? 0) + weight)
      bigrams.set(previous, followers)
      previous = word
    }
  }
  return arpa(unigramProbabilities(unigrams), bigrams)
}

function unigramProbabilities(counts: ReadonlyMap<string, number>): Map<string, number> {
  let total = 0
  for (const count of counts.values()) total += count + unigramPrior
  return new Map([...counts].map(([word, count]) => [word, (count + unigramPrior) / total]))
}

function arpa(
  unigrams: ReadonlyMap<string, number>,
  bigrams: ReadonlyMap<string, ReadonlyMap<string, number>>,
): string {
  const unigramLines: string[] = []
  const bigramLines: string[] = []
  for (const word of [sentenceStart, ...unigrams.keys()].sort()) {
    const followers = bigrams.get(word)
    const probability = unigrams.get(word)
    const line = `${probability === undefined ? '-99.0000' : log10(probability)} ${word}`
    if (!followers) {
      unigramLines.push(line)
      continue
    }
    const count = [...followers.values()].reduce((sum, value) => sum + value, 0)
    // With fractional counts the number of types is taken in proportion, so that weights only scale the evidence.
    const novelty = Math.min(followers.size, 2 * count)
    unigramLines.push(`${line} ${log10(novelty / (count + novelty))}`)
    for (const follower of [...followers.keys()].sort()) {
      const seen = followers.get(follower) ?? 0
      const share = (seen + novelty * (unigrams.get(follower) ?? 0)) / (count + novelty)
      bigramLines.push(`${log10(share)} ${word} ${follower}`)
    }
  }
  return [
    '\\data\\',
    `ngram 1=${unigramLines.length}`,
    `ngram 2=${bigramLines.length}`,
    '',
    '\\1-grams:',
    ...unigramLines,
    '',
    '\\2-grams:',
    ...bigramLines,
    '',
    '\\end\\',
    '',
  ].join('\n')
}

function log10(value: number): string {
  return Math.log10(value).toFixed(4)
}
