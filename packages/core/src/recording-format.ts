/** How recordings may be kept. */
export type RecordingFormat = 'wav' | 'mp3' | 'opus'

/** Ending of file names and addresses, and media type. @see RFC 2361 (WAV), RFC 3003 (MP3), RFC 7845 (Opus in Ogg) */
export const recordingFormats = {
  wav: { suffix: '.wav', contentType: 'audio/wav' },
  mp3: { suffix: '.mp3', contentType: 'audio/mpeg' },
  opus: { suffix: '.ogg', contentType: 'audio/ogg' },
} as const satisfies Readonly<Record<RecordingFormat, { readonly suffix: string; readonly contentType: string }>>

/** By the ending of a path or address. What has none of ours is WAV, as the media engine writes it. */
export function recordingFormatOf(path: string): RecordingFormat {
  if (path.endsWith(recordingFormats.mp3.suffix)) return 'mp3'
  return path.endsWith(recordingFormats.opus.suffix) ? 'opus' : 'wav'
}
