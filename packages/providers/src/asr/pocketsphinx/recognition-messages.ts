/** To the thread. `stream` is one call's recogniser. */
export type RecognitionRequest =
  /** Makes the model files and loads nothing else. */
  | { readonly type: 'prepare'; readonly stream: number; readonly hints: readonly string[] }
  | { readonly type: 'open'; readonly stream: number; readonly hints: readonly string[]; readonly denoise: boolean }
  | { readonly type: 'audio'; readonly stream: number; readonly samples: Int16Array; readonly mediaMs: number }
  | { readonly type: 'start'; readonly stream: number; readonly mediaMs: number }
  | { readonly type: 'stop'; readonly stream: number; readonly mediaMs: number }
  | { readonly type: 'free'; readonly stream: number }
  | { readonly type: 'close' }

/** From the thread, in the order of the requests of a stream. */
export type RecognitionAnswer =
  | { readonly type: 'prepared'; readonly stream: number }
  /** `toMs`: media time up to which it was listened. */
  | { readonly type: 'partial'; readonly stream: number; readonly text: string; readonly toMs: number }
  | { readonly type: 'final'; readonly stream: number; readonly text: string; readonly confidence: number }
  /** The stream is gone. `missing`: the engine is not installed. */
  | { readonly type: 'failed'; readonly stream: number; readonly missing: boolean; readonly detail: string }

export interface RecognitionThreadData {
  readonly cacheDir: string
}
