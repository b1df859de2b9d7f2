import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bigramArpa } from './bigram-model.ts'
import { corePhrases, type WeightedSentence } from './core-phrases.ts'
import { spokenSentences } from './spoken-words.ts'
import { trimmedDictionary } from './trimmed-dictionary.ts'

/** Part of each file's name: raise it when the way models are made changes. */
const recipe = 1
/** What the assistant's own texts and hints count against the core phrases. */
const hintWeight = 5
/** Words beyond this number are left out: accuracy and speed fall with the size of the vocabulary. */
const maxHintWords = 1500

export interface SpeechModelFiles {
  readonly languageModel: string
  readonly dictionary: string
  /** Settings of the acoustic front end. */
  readonly features: string
}

/** The installed parts that models are made from. */
export interface AcousticSource {
  readonly dictionaryPath: string
  readonly featuresPath: string
}

/**
 * Mean cepstrum of telephone speech after resampling to 16 kHz. The model's own is that of wideband speech; with it the
 * first utterance of a call is not understood at all. Measured over 26 clips of human and synthetic speech through G.711.
 */
const telephoneMean = '44.8,28.8,-30.2,57.6,-13.3,0.1,20.3,-27.8,14.0,-13.0,1.7,13.1,-16.5'

/**
 * Language model and dictionary for one set of hints, made once and kept in `cacheDir` under a hash of the hints. Files
 * appear complete or not at all, so threads and processes may share the folder. Blocks for about 0.1 s when it has to
 * make them.
 */
export function speechModel(hints: readonly string[], cacheDir: string, source: AcousticSource): SpeechModelFiles {
  const hash = createHash('sha256')
    .update(JSON.stringify([recipe, hints]))
    .digest('hex')
    .slice(0, 24)
  const files = {
    languageModel: join(cacheDir, `asr-${hash}.lm`),
    dictionary: join(cacheDir, `asr-${hash}.dict`),
    features: join(cacheDir, `asr-features-${recipe}.params`),
  }
  if (Object.values(files).every((path) => existsSync(path))) return files
  const sentences = [...corePhrases(), ...hintSentences(hints)]
  const words = new Set(sentences.flatMap((sentence) => sentence.words))
  mkdirSync(cacheDir, { recursive: true })
  writeWhole(files.features, telephoneFeatures(readFileSync(source.featuresPath, 'utf8')))
  writeWhole(files.dictionary, trimmedDictionary(readFileSync(source.dictionaryPath, 'utf8'), words))
  writeWhole(files.languageModel, bigramArpa(sentences))
  return files
}

function hintSentences(hints: readonly string[]): WeightedSentence[] {
  const vocabulary = new Set<string>()
  const sentences: WeightedSentence[] = []
  for (const words of hints.flatMap(spokenSentences)) {
    for (const word of words) vocabulary.add(word)
    if (vocabulary.size > maxHintWords) break
    sentences.push({ words, weight: hintWeight })
  }
  return sentences
}

function telephoneFeatures(installed: string): string {
  const kept = installed.split('\n').filter((line) => line !== '' && !line.startsWith('-cmninit'))
  return `${[...kept, `-cmninit ${telephoneMean}`].join('\n')}\n`
}

let writes = 0

function writeWhole(path: string, text: string): void {
  writes += 1
  const partial = `${path}.${process.pid}-${writes}.part`
  writeFileSync(partial, text)
  renameSync(partial, path)
}
