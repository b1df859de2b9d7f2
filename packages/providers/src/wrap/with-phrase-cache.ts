import type { SpeechChunk, SpeechSynthesizer } from '@parley/core'
import { readAhead } from '../tts/read-ahead.ts'
import type { CachedVoice, FoundPhrase, PhraseCache } from './phrase-cache.ts'
import { copyOf, type PhraseReader } from './shared-phrase.ts'

/**
 * Serves items from the cache where it has them, at once and in their place between those that are still spoken. Each
 * other item is a request of its own, so this is for voices whose items do not depend on one another. `identity` names
 * everything that changes the sound: engine, voice, parameters.
 */
export function withPhraseCache(
  synthesizer: SpeechSynthesizer,
  cache: PhraseCache,
  identity: string,
): SpeechSynthesizer {
  const voice: CachedVoice = { identity, synthesizer }
  return {
    ...synthesizer,
    speak: (text, signal) => speak(voice, cache, text, signal),
    prepare: (texts) => cache.prepare(voice, texts),
  }
}

type Upcoming = Extract<FoundPhrase, { readonly ready: unknown }> | { readonly reader: PhraseReader }

async function* speak(
  voice: CachedVoice,
  cache: PhraseCache,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechChunk> {
  const readers = new Set<PhraseReader>()
  const begin = (words: string): Upcoming => {
    const found = cache.find(voice, words)
    if ('ready' in found) return found
    const reader = found.making.join()
    readers.add(reader)
    found.making.start()
    return { reader }
  }
  try {
    let item = 0
    for await (const upcoming of readAhead(text, signal, begin)) {
      if ('reader' in upcoming) {
        const { reader } = upcoming
        for await (const chunk of reader.read(signal)) yield { ...chunk, item }
        reader.leave()
        readers.delete(reader)
      } else if (upcoming.ready.samples.length > 0) yield { ...copyOf(upcoming.ready), item }
      item += 1
    }
  } finally {
    for (const reader of readers) reader.leave()
  }
}
