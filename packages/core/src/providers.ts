import type { ModelSpec, RecognitionSpec, ToolSpec, VoiceSpec } from './assistant.ts'
import type { PcmChunk } from './media.ts'

/** What a recogniser reads: audio in order, with the turn engine's marks between. */
export type RecognizerInput =
  | ({ readonly type: 'audio' } & PcmChunk)
  /** VAD: the voiced stretch that began at `mediaMs`. Audio before it was given already; keep 300 ms of pre-roll. */
  | { readonly type: 'speech.started'; readonly mediaMs: number }
  /** The stretch ended (voice stopped at `mediaMs`): deliver its final now. A new stretch may follow at once. */
  | { readonly type: 'speech.stopped'; readonly mediaMs: number }

/** `fromMs`/`toMs` are media times. Each voiced stretch gives any number of partials and then one final (maybe empty). */
export interface Transcript {
  readonly kind: 'partial' | 'final'
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
  /** 0..1 where the engine knows it. */
  readonly confidence?: number
}

/**
 * The recogniser's own opinion on the end of the turn, from services that have one. `eager`: probably over, work may
 * be done ahead; `resumed`: it was not; `confirmed`: over, with the words given so far. `toMs`: media time.
 */
export interface TurnHint {
  readonly kind: 'turn'
  readonly state: 'eager' | 'resumed' | 'confirmed'
  readonly toMs: number
}

export interface SpeechRecognizer {
  readonly name: string
  /** Ends when `input` ends. Aborting drops what is in flight. @throws VoiceError ASR_* */
  transcribe(
    input: AsyncIterable<RecognizerInput>,
    options: RecognitionSpec,
    signal: AbortSignal,
  ): AsyncIterable<Transcript | TurnHint>
  /** Opens connections and builds models ahead of the first audio. */
  prewarm?(options: RecognitionSpec): Promise<void>
}

export type ChatMessage = { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }

export type ReplyDelta =
  | { readonly type: 'text'; readonly text: string }
  /** Complete call of a declared tool; `arguments` is JSON text as the model wrote it. */
  | { readonly type: 'toolCall'; readonly name: string; readonly arguments: string }

export interface ReplyOptions {
  readonly tools: readonly ToolSpec[]
  /** Same on retries of one request. */
  readonly requestId: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface ChatModel {
  readonly name: string
  /** @throws VoiceError LLM_* ; on abort the iteration ends with the signal's reason. */
  reply(messages: readonly ChatMessage[], options: ReplyOptions, signal: AbortSignal): AsyncIterable<ReplyDelta>
  /** Opens the connection if none is at hand. Cheap: worth calling whenever a reply is near, e.g. when the user speaks. */
  prewarm?(): Promise<void>
}

/** Where a word ends: the first `textEnd` UTF-16 units of an item are spoken when `endSample` samples of it are. */
export interface WordTiming {
  readonly textEnd: number
  readonly endSample: number
}

/** `samples`: `Int16` mono 8 kHz; the receiver owns the buffer. `item` is the index of the text item it speaks. */
export interface SpeechChunk {
  readonly samples: Int16Array
  readonly item: number
  /** Timings of words of the item, from voices that give them; rising, also ahead of the audio they speak of. */
  readonly words?: readonly WordTiming[]
}

export interface SpeechSynthesizer {
  readonly name: string
  /** One chunk of text an item; audio of an item comes before that of the next. @throws VoiceError TTS_* */
  speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpeechChunk>
  prewarm?(): Promise<void>
  /**
   * Has texts spoken that are likely to be said, in the background, one after the other, so that they are at hand when
   * they come as items of `speak` with exactly these words. Failures are not told.
   */
  prepare?(texts: readonly string[]): void
}

/** Judges by the sound alone whether a speaker has finished. Optional; endpointing works without. */
export interface EndOfTurnModel {
  readonly name: string
  /**
   * Probability (0..1) that the turn is over. `audio`: `Int16` mono 8 kHz, the last seconds of the caller up to now (the
   * pause included), borrowed until the promise settles. Late answers are worthless: the caller aborts them.
   */
  score(audio: Int16Array, signal: AbortSignal): Promise<number>
}

/** Turns the specs of a call into ready adapters, wrapped with retry and time-out. */
export interface ProviderCatalog extends AsyncDisposable {
  recognizer(spec: RecognitionSpec): SpeechRecognizer
  chatModel(spec: ModelSpec): ChatModel
  synthesizer(spec: VoiceSpec): SpeechSynthesizer
  /** Undefined: none is configured. */
  endOfTurnModel?(): EndOfTurnModel | undefined
}
