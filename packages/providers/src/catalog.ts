import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import {
  type ChatModel,
  type Clock,
  type Logger,
  type ModelSpec,
  type ProviderCatalog,
  type Random,
  type Secret,
  type SpeechRecognizer,
  type SpeechSynthesizer,
  VoiceError,
  type VoiceSpec,
} from '@parley/core'
import { createDeepgramRecognizer } from './asr/deepgram/deepgram-recognizer.ts'
import { createFluxRecognizer } from './asr/deepgram/flux-recognizer.ts'
import { pocketsphinxRecognizer } from './asr/pocketsphinx/pocketsphinx-recognizer.ts'
import { RecognitionEngine } from './asr/pocketsphinx/recognition-engine.ts'
import { requestedRecognizer } from './asr/requested-recognizer.ts'
import type { OnnxEndOfTurn } from './eot/onnx-end-of-turn.ts'
import { difyChatModel } from './llm/dify/dify-chat-model.ts'
import { modelLookup } from './llm/model-lookup.ts'
import { openAiChatModel } from './llm/openai/openai-chat-model.ts'
import { PooledFetch } from './llm/openai/pooled-fetch.ts'
import { guardedLookup } from './push/guarded-lookup.ts'
import { createCustomSynthesizer } from './tts/custom/custom-synthesizer.ts'
import { FliteEngine } from './tts/flite/flite-engine.ts'
import { type FliteVoice, fliteSynthesizer, fliteVoices } from './tts/flite/flite-synthesizer.ts'
import { requestedVoices } from './tts/requested/requested-voices.ts'
import { FirstDeltaBook } from './wrap/first-delta-times.ts'
import { PhraseCache } from './wrap/phrase-cache.ts'
import { withFallbackVoice } from './wrap/with-fallback-voice.ts'
import { withHedge } from './wrap/with-hedge.ts'
import { withPhraseCache } from './wrap/with-phrase-cache.ts'
import { withRetry } from './wrap/with-retry.ts'
import { withTimeout } from './wrap/with-timeout.ts'

/** A configured voice name, e.g. of the public API's `VoiceType`. */
export interface VoiceConfig {
  readonly engine: 'flite'
  readonly voice: FliteVoice
}

/** The speech engines of an installation. */
export interface SpeechChoice {
  readonly recognizer:
    | { readonly kind: 'embedded' }
    | { readonly kind: 'deepgram'; readonly url: string; readonly apiKey: Secret }
    | {
        readonly kind: 'deepgram-flux'
        readonly url: string
        readonly apiKey: Secret
        readonly eagerThreshold?: number
        readonly threshold?: number
      }
  readonly synthesizer:
    | { readonly kind: 'embedded' }
    | { readonly kind: 'custom'; readonly url: string; readonly apiKey: Secret; readonly sampleRateHz: number }
  /** Finished speech of texts that are said again and again. 0: each text is asked for each time. Default 64 MB, an hour. */
  readonly phraseCacheBytes?: number
}

export interface ProvidersOptions {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Generated language models are kept here; created when missing. */
  readonly cacheDir: string
  /** Longest wait for the first word of a reply, and between two. Default 5000. */
  readonly llmTimeoutMs?: number
  /** Ask a model that is slower than usual a second time. Costs about a tenth more requests. Default false. */
  readonly hedge?: boolean
  /** Voice of calls that name none, or one that is not known. Default `rms`. */
  readonly defaultVoice?: string
  readonly voices?: Readonly<Record<string, VoiceConfig>>
  /** Threads for recognition; synthesis takes at most two. Default: one less than there are cores, at least one. */
  readonly speechWorkers?: number
  /** Who recognises and speaks. Default: the embedded engines. */
  readonly speech?: SpeechChoice
  /** Judges pauses by their sound; the caller disposes of it after the catalog. Default: none. */
  readonly endOfTurn?: OnnxEndOfTurn | undefined
  /** RNNoise before the embedded recogniser. Default true. */
  readonly denoise?: boolean
  /** May services that calls bring be in private networks? Default true. */
  readonly allowPrivateUrls?: boolean
}

const retryPolicy = { attempts: 2, pauseMs: 150 } as const

/**
 * All adapters of this package behind one catalog: embedded speech (PocketSphinx, Flite) and language models over HTTP.
 * Nothing is started before it is used. Disposing ends threads and connections: speech under way fails with
 * `SHUTDOWN`, replies as if the server had gone.
 */
export function createProviders(options: ProvidersOptions): ProviderCatalog {
  const { clock, logger, cacheDir } = options
  const threads = Math.max(1, options.speechWorkers ?? availableParallelism() - 1)
  const recognition = new RecognitionEngine({ clock, threads, cacheDir })
  const flite = new FliteEngine(clock, Math.min(2, threads))
  const guarded = (options.allowPrivateUrls ?? true) ? undefined : guardedLookup()
  const connections = new PooledFetch(guarded && modelLookup(guarded))
  const timeoutMs = options.llmTimeoutMs ?? 5000
  const modelTimes = new FirstDeltaBook()
  const voices = new VoiceBook(options)
  const { recognizer = { kind: 'embedded' }, synthesizer = { kind: 'embedded' } } = options.speech ?? {}
  const vendorRecognizer = recognizerOf(recognizer, { clock, logger })
  const vendorVoice: SpeechSynthesizer | undefined =
    synthesizer.kind === 'custom' ? createCustomSynthesizer(synthesizer, { clock, random: options.random }) : undefined
  const ownVoices = requestedVoices({ clock, random: options.random, guarded })
  const phraseCacheBytes = options.speech?.phraseCacheBytes ?? 64_000_000
  const phrases = phraseCacheBytes > 0 ? new PhraseCache(phraseCacheBytes) : undefined
  const cached = (voice: SpeechSynthesizer, identity: string) =>
    phrases ? withPhraseCache(voice, phrases, identity) : voice
  const installedVoice = (spec: VoiceSpec) => {
    const voice = vendorVoice ?? fliteSynthesizer(flite, voices.find(spec))
    return cached(voice, voice.name)
  }
  return {
    recognizer: (spec) =>
      requestedRecognizer(spec, { clock, logger, guarded }) ??
      vendorRecognizer ??
      pocketsphinxRecognizer(recognition, { denoise: options.denoise ?? true, logger }),
    chatModel: (spec) => {
      const limits = { firstDeltaMs: timeoutMs, idleMs: timeoutMs }
      const model = withRetry(withTimeout(adapterFor(spec, connections), clock, limits), clock, retryPolicy)
      // Dify keeps the conversation: it would hear the user twice.
      if (!options.hedge || spec.protocol === 'dify') return model
      const times = modelTimes.of(`${spec.protocol} ${spec.baseUrl} ${spec.model ?? ''}`)
      return withHedge(model, { clock, logger, times })
    },
    synthesizer: (spec) => {
      const own = spec.custom && ownVoices.find(spec)
      if (!own) return installedVoice(spec)
      const callId = spec.headers?.['X-Task-Id']
      const { custom: _, ...installed } = spec
      return withFallbackVoice(cached(own, identityOf(spec)), installedVoice(installed), {
        clock,
        onFailure: ({ code, message }) =>
          logger.warn("the call's own voice failed, the built-in one speaks", { callId, code, detail: message }),
      })
    },
    endOfTurnModel: () => options.endOfTurn?.forCall(),
    async [Symbol.asyncDispose]() {
      connections[Symbol.dispose]()
      ownVoices[Symbol.dispose]()
      await Promise.all([recognition[Symbol.asyncDispose](), flite[Symbol.asyncDispose]()])
    },
  }
}

/** Of a voice that a call brought. Whoever does not have its credentials gets nothing that was spoken with them. */
const identityOf = ({ custom }: VoiceSpec) =>
  `own/${createHash('sha256').update(JSON.stringify(custom)).digest('base64')}`

/** Undefined: the embedded one. */
function recognizerOf(
  choice: SpeechChoice['recognizer'],
  tools: { readonly clock: Clock; readonly logger: Logger },
): SpeechRecognizer | undefined {
  switch (choice.kind) {
    case 'embedded':
      return undefined
    case 'deepgram':
      return createDeepgramRecognizer(choice, tools)
    case 'deepgram-flux':
      return createFluxRecognizer(choice, tools)
    default:
      return choice satisfies never
  }
}

/** A spec that cannot be served gives a model whose replies fail, so that the talk ends the way it does for any failure. */
function adapterFor(spec: ModelSpec, connections: PooledFetch): ChatModel {
  try {
    return spec.protocol === 'dify' ? difyChatModel(spec, connections) : openAiChatModel(spec, connections)
  } catch (error) {
    const failure = error instanceof VoiceError ? error : new VoiceError('LLM_REJECTED')
    return {
      name: spec.protocol,
      // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
      async *reply() {
        throw failure
      },
    }
  }
}

/** Finds the embedded voice behind a name; says once per unknown name that the default serves it. */
class VoiceBook {
  private readonly options: ProvidersOptions
  private readonly said = new Set<string>()
  private readonly fallback: FliteVoice

  constructor(options: ProvidersOptions) {
    this.options = options
    this.fallback = this.known(options.defaultVoice ?? '') ?? 'rms'
  }

  find(spec: VoiceSpec): FliteVoice {
    if (spec.custom) this.sayOnce('custom voice', 'a voice of a call may not be used, the embedded one serves it', {})
    const name = spec.name ?? ''
    const voice = this.known(name)
    if (voice || name === '') return voice ?? this.fallback
    this.sayOnce(name, 'unknown voice, the default serves it', { voice: name, servedBy: this.fallback })
    return this.fallback
  }

  private known(name: string): FliteVoice | undefined {
    return this.options.voices?.[name]?.voice ?? fliteVoices.find((voice) => voice === name)
  }

  private sayOnce(key: string, message: string, fields: Record<string, string>): void {
    if (this.said.has(key) || this.said.size > 1000) return
    this.said.add(key)
    this.options.logger.warn(message, fields)
  }
}
