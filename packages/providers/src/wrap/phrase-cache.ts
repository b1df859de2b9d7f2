import type { SpeechSynthesizer } from '@parley/core'
import { type Phrase, PhraseStore } from './phrase-store.ts'
import { SharedPhrase } from './shared-phrase.ts'

/** Longer texts are hardly ever said twice, unless they were announced with `prepare`. Taste: two sentences. */
const longestCommonText = 200
/** Texts waiting to be prepared; more are not taken. */
const maxPreparing = 64

/** Speech of a text: at hand, or in the making. */
export type FoundPhrase = { readonly ready: Phrase } | { readonly making: SharedPhrase }

/** The voice, everything about it that changes the sound, and its name in keys. */
export interface CachedVoice {
  readonly identity: string
  readonly synthesizer: SpeechSynthesizer
}

/**
 * Speech of texts that are said again and again, for all calls of a process. Only what was spoken to its end is kept;
 * who asks for a text that is in the making shares it.
 */
export class PhraseCache {
  private readonly store: PhraseStore
  private readonly making = new Map<string, SharedPhrase>()
  private readonly toPrepare: { readonly voice: CachedVoice; readonly text: string }[] = []
  private preparing = false

  constructor(maxBytes: number) {
    this.store = new PhraseStore(maxBytes)
  }

  /** `keep`: also when the text is long. */
  find(voice: CachedVoice, text: string, keep = text.length <= longestCommonText): FoundPhrase {
    const key = keyOf(voice, text)
    const ready = this.store.get(key)
    if (ready) return { ready }
    const others = this.making.get(key)
    if (others) return { making: others }
    const made = new SharedPhrase(
      (signal) => voice.synthesizer.speak(one(text), signal),
      (phrase) => {
        if (this.making.get(key) === made) this.making.delete(key)
        if (phrase && keep) this.store.put(key, phrase)
      },
    )
    this.making.set(key, made)
    return { making: made }
  }

  /** One text after the other, so that what is said now never waits for more than one of them. Failures do not matter. */
  prepare(voice: CachedVoice, texts: readonly string[]): void {
    for (const text of texts) {
      if (this.toPrepare.length < maxPreparing && !this.store.has(keyOf(voice, text))) {
        this.toPrepare.push({ voice, text })
      }
    }
    if (!this.preparing) void this.prepareAll()
  }

  private async prepareAll(): Promise<void> {
    this.preparing = true
    for (let next = this.toPrepare.shift(); next; next = this.toPrepare.shift()) {
      const found = this.find(next.voice, next.text, true)
      if ('ready' in found) continue
      const reader = found.making.join()
      try {
        for await (const _ of reader.read(new AbortController().signal));
      } catch {
        // The text is asked for again when it is needed, and fails where somebody notices.
      } finally {
        reader.leave()
      }
    }
    this.preparing = false
  }
}

const keyOf = (voice: CachedVoice, text: string) => `${voice.identity}\n${text}`

async function* one(text: string): AsyncGenerator<string> {
  yield text
}
