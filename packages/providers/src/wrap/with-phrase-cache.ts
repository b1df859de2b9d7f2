import { Channel, type SpeechChunk, type SpeechSynthesizer } from '@parley/core'
import { Room } from '../tts/room.ts'
import type { CachedVoice, FoundPhrase, PhraseCache } from './phrase-cache.ts'
import { copyOf, type PhraseReader } from './shared-phrase.ts'

/** The item being heard and the one after it. More would be thrown away by the next interruption. */
const lookahead = 2

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

interface Upcoming {
  readonly item: number
  readonly phrase: Extract<FoundPhrase, { readonly ready: unknown }> | { readonly reader: PhraseReader }
}

async function* speak(
  voice: CachedVoice,
  cache: PhraseCache,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechChunk> {
  signal.throwIfAborted()
  const upcoming = new Channel<Upcoming>(lookahead, 'fail')
  const room = new Room(lookahead)
  const readers = new Set<PhraseReader>()
  let ended = false

  const follow = async () => {
    let item = 0
    for await (const words of text) {
      await room.enter()
      if (ended) return
      const found = cache.find(voice, words)
      if ('ready' in found) {
        upcoming.push({ item, phrase: found })
      } else {
        const reader = found.making.join()
        readers.add(reader)
        found.making.start()
        upcoming.push({ item, phrase: { reader } })
      }
      item += 1
    }
  }
  const onAbort = () => upcoming.close(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  follow().then(
    () => upcoming.close(),
    (error) => upcoming.close(error),
  )
  try {
    for await (const { item, phrase } of upcoming) {
      if ('ready' in phrase) {
        if (phrase.ready.samples.length > 0) yield { ...copyOf(phrase.ready), item }
      } else {
        for await (const chunk of phrase.reader.read(signal)) yield { ...chunk, item }
        phrase.reader.leave()
        readers.delete(phrase.reader)
      }
      signal.throwIfAborted()
      room.leave()
    }
    signal.throwIfAborted()
  } finally {
    ended = true
    signal.removeEventListener('abort', onAbort)
    room.leave()
    for (const reader of readers) reader.leave()
  }
}
