import type { ApplicationId } from './ids.ts'

/** A file that may be played into calls. */
export interface Sound {
  readonly fileId: number
  readonly customName: string
  /** As the address named it. */
  readonly fileName: string
  readonly durationMs: number
}

export interface NewSound {
  readonly customName: string
  readonly fileName: string
  /** `Int16` mono 8 kHz. */
  readonly samples: Int16Array
}

export interface SoundQuery {
  readonly applicationId: ApplicationId
  /** Any of them; undefined: all. */
  readonly fileIds?: readonly number[]
  readonly customNames?: readonly string[]
  readonly fileNames?: readonly string[]
  readonly limit: number
  readonly offset: number
}

/** Files to be played, by application. Never crosses applications: a foreign file is `undefined`. */
export interface SoundLibrary {
  /** `tooMany`: the application has stored as many in the last 24 h as it may. By the database's clock. */
  add(applicationId: ApplicationId, sound: NewSound): Promise<Sound | 'tooMany'>
  /** The latest first. */
  list(query: SoundQuery): Promise<{ readonly total: number; readonly sounds: readonly Sound[] }>
  /** `Int16` mono 8 kHz. */
  samples(applicationId: ApplicationId, fileId: number): Promise<Int16Array | undefined>
}

/** Longest sound that is stored or played, repetitions included. The playout holds ten minutes. */
export const maxSoundMs = 540_000

/** Makes samples of audio files, away from the threads that carry calls. */
export interface SoundDecoder {
  /**
   * `Int16` mono 8 kHz of a WAV or MP3 file. `rawRateHz`: what is neither is 16-bit mono PCM of this rate.
   * @throws VoiceError MEDIA_SOUND_UNREADABLE
   */
  decode(bytes: Uint8Array, rawRateHz?: number): Promise<Int16Array>
}

/** `reason`: a constant word for what went wrong. */
export type FetchedFile =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string }

/** Reads a file of at most `maxBytes` from where somebody else points. Redirects are not followed. Never rejects. */
export type FetchFile = (url: string, maxBytes: number) => Promise<FetchedFile>
