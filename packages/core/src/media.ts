import type { CallId, Generation } from './ids.ts'

/** 20 ms at 8 kHz. */
export const frameSamples = 160
export const frameMs = 20
export const sampleRateHz = 8000

/**
 * Uplink audio as it comes: `Int16` mono 8 kHz, a multiple of 20 ms. `mediaMs` is the media time of the first sample
 * (ms since the first frame of the stream). The receiver owns the buffer.
 */
export interface PcmChunk {
  readonly samples: Int16Array
  readonly mediaMs: number
}

/** Tones of a telephone network. `sit`: special information, as before an announcement; `beep`: of an answering machine. */
export type ToneName = 'ringback' | 'busy' | 'congestion' | 'sit' | 'sit.noNumber' | 'fax' | 'beep'

/** Detected by the media engine. `atMs`: monotonic clock. */
export type MediaEvent = {
  readonly atMs: number
} /** Neural VAD is sure. `onsetAtMs`: when the voiced stretch began. */ & (
  | { readonly type: 'speech.started'; readonly onsetAtMs: number; readonly mediaMs: number }
  /** `lastVoiceAtMs`: end of the last voiced frame, media time mapped to the clock. */
  | { readonly type: 'speech.stopped'; readonly lastVoiceAtMs: number; readonly mediaMs: number }
  /**
   * A first sign of the peer's voice, again every 40 ms while it lasts, for 400 ms at most. It may be none: `speech.started`
   * follows, or nothing.
   */
  | { readonly type: 'speech.suspected' }
  | { readonly type: 'dtmf'; readonly key: string; readonly durationMs: number }
  /** A key of ours that media cannot carry to this peer: the owner of the leg sends it by signalling. */
  | { readonly type: 'dtmf.signal'; readonly key: string; readonly durationMs: number }
  /** First packet of this generation was handed to the socket. */
  | { readonly type: 'playout.started'; readonly generation: Generation }
  /** At least every 100 ms while a generation plays, and once when it is flushed. `playedSamples`: handed to the socket. */
  | { readonly type: 'playout.progress'; readonly generation: Generation; readonly playedSamples: number }
  /** `end()` was called and the last sample has left. */
  | { readonly type: 'playout.finished'; readonly generation: Generation; readonly playedSamples: number }
  /** A tone of the network or a machine, early media included. `onsetAtMs`: when the first of it began. */
  | { readonly type: 'tone'; readonly tone: ToneName; readonly onsetAtMs: number }
  /** The peer put us on hold (we may not send), or took us back: what is queued waits meanwhile. */
  | { readonly type: 'hold.started' }
  | { readonly type: 'hold.ended' }
  /** No RTP from the peer for the configured time / it came back. */
  | { readonly type: 'rtp.timeout' }
  | { readonly type: 'rtp.resumed' }
  | { readonly type: 'media.failed'; readonly code: 'MEDIA_WORKER_LOST' }
)

/**
 * The downlink queue. Audio is `Int16` mono 8 kHz and is copied. Exactly one generation is live: the pacer drops
 * audio of any other. When nothing is queued the stream sends silence.
 */
export interface Playout {
  /** Makes `generation` the live one. Whatever another generation had queued is dropped. */
  begin(generation: Generation): void
  write(generation: Generation, samples: Int16Array): void
  /** No more audio follows; `playout.finished` comes when the last sample has left. */
  end(generation: Generation): void
  /** Drops what is queued; the next packet is silence. A final `playout.progress` tells what was sent. */
  flush(generation: Generation): void
  /** Stops where it is: the next packet is silence, what is queued stays. A `playout.progress` tells where. */
  pause(generation: Generation): void
  /**
   * Goes on at sample `fromSample` of the generation, at most two seconds before where it stopped (clamped).
   * `playedSamples` counts on from there. Also restores the gain.
   */
  resume(generation: Generation, fromSample: number): void
  /** Attenuates the live generation to `gainDb` down within 2 ms, up (0: restore) over 20 ms. */
  duck(gainDb: number): void
}

export interface RtpStatistics {
  readonly packetsSent: number
  readonly packetsReceived: number
  readonly packetsLost: number
  readonly packetsDiscarded: number
  readonly jitterMs: number
  /** Ticks in which the pacer was late by more than a frame. */
  readonly lateTicks: number
  /** Absent: no offer was answered yet. */
  readonly codec?: CodecName
  readonly isEncrypted?: boolean
  /** Opinion score of the peer's voice, estimated (see `CallQuality`). Absent: nothing came. */
  readonly mos?: number
  /** From the peer's RTCP: packets of ours it missed, their jitter and score, the way there and back. Absent: it sends none. */
  readonly peerPacketsLost?: number
  readonly peerJitterMs?: number
  readonly peerMos?: number
  readonly roundTripMs?: number
  /** Of our own voice on the line: bulk delay, and by how much it comes back weaker. Absent: not heard. */
  readonly echoDelayMs?: number
  readonly echoReturnLossDb?: number
}

/** What may be spoken on the line. Inside, audio is at 8 kHz whatever the codec. */
export type CodecName = 'PCMA' | 'PCMU' | 'G722' | 'opus'

/** How media is spoken with the other side of a trunk. */
export interface TrunkMedia {
  /** In order of preference. */
  readonly codecs: readonly CodecName[]
  /** SDES (RFC 4568). `optional`: taken when offered, not offered in a first offer. Default `off`. */
  readonly srtp?: 'off' | 'optional' | 'required'
  /** Length of the packets we send when the peer names none, 10 to 60. Default 20. */
  readonly ptimeMs?: number
  /** Address put into SDP, instead of that of the installation. */
  readonly advertisedHost?: string
  /** Addresses or CIDR ranges RTP may come from. Absent: any, by the rules of symmetric RTP. */
  readonly sources?: readonly string[]
  /**
   * What is listened to before the answer: network tones, and also the words of announcements (costs recognition).
   * Default `tones`.
   */
  readonly earlyMedia?: 'ignore' | 'tones' | 'words'
  /**
   * How keys are sent to the peer: as telephone events, by SIP INFO, as tones. Default `rtp`, and `info` when the peer
   * takes no events.
   */
  readonly dtmf?: 'rtp' | 'info' | 'inband'
}

/** Length of the tone that marks a machine's speech. */
export const complianceToneMs = 660

/** The sound of a place behind all the peer is sent. `volume`: 0 (none) to 2; 1 lies 20 dB and more below speech. */
export interface AmbienceSpec {
  readonly scene: 'coffeeShop' | 'busyOffice'
  readonly volume: number
}

export interface MediaOptions extends TrunkMedia {
  readonly callId: CallId
  /** Address put into SDP. */
  readonly advertisedHost: string
  /** The stream this one may be bridged to: both are served by one worker. */
  readonly beside?: MediaStream
  /** Stereo WAV is written here from `start()` on: caller left, assistant right. */
  readonly recordingPath?: string
  /** `VadLevel` 0-3. */
  readonly farFieldSuppression: number
  /** Name tones after the start too, e.g. the beep of a machine. Before it they always are. */
  readonly detectTones?: boolean
  /** Play the tone that marks a machine's speech when the stream starts. */
  readonly complianceTone?: boolean
  /** From the start to the end or a bridge, in the recording too. */
  readonly ambience?: AmbienceSpec
}

/** What a peer's re-offer does to the stream. */
export interface ReofferResult {
  readonly sdp: string
  /** We may not send (`recvonly`/`inactive` or address 0.0.0.0): the peer put us on hold. */
  readonly held: boolean
}

/**
 * 100 ms of what the far end plays before it answers, `Int16` mono 8 kHz. `mediaMs` is a time line of its own. The
 * receiver owns the buffer. `isVoice`: loud, and no tone.
 */
export interface EarlySound {
  readonly samples: Int16Array
  readonly mediaMs: number
  readonly isVoice: boolean
}

/** RTP and samples of one leg. Closing it releases port, timers and files. */
export interface MediaStream extends AsyncDisposable {
  /** Our SDP offer. */
  offer(): string
  /** Takes the answer to our offer (also of a 183). @throws VoiceError MEDIA_NO_COMMON_CODEC, MEDIA_BAD_SDP, MEDIA_SRTP_REQUIRED */
  acceptAnswer(sdp: string): Promise<void>
  /**
   * Takes the session of a provisional response: until `start()` what the peer sends is heard as `early` and as `tone`
   * events. Nothing is sent. @throws VoiceError MEDIA_NO_COMMON_CODEC, MEDIA_BAD_SDP, MEDIA_SRTP_REQUIRED
   */
  listenEarly(sdp: string): Promise<void>
  /** Answers the peer's offer; again for each re-offer. @throws VoiceError MEDIA_NO_COMMON_CODEC, MEDIA_BAD_SDP, MEDIA_SRTP_REQUIRED */
  answerOffer(sdp: string): Promise<ReofferResult>
  /** Starts sending (silence at first) and recording. The recording's time zero is this instant; returns it. */
  start(): Promise<{ readonly startedAtMs: number }>
  /** Single reader. Ends when the stream is closed. */
  readonly events: AsyncIterable<MediaEvent>
  /**
   * Audio from the peer as it arrives, not played out late; drops the oldest when not read. One reader: asking again ends
   * the former reader, and the new one begins with what arrives from then on.
   */
  readonly uplink: AsyncIterable<PcmChunk>
  /** Single reader. Ends at the start and when the stream is closed; drops the oldest when not read. */
  readonly early: AsyncIterable<EarlySound>
  readonly playout: Playout
  /** In the way of the trunk; keys that only signalling carries come back as `dtmf.signal`, 250 ms apart. */
  sendDtmf(keys: string): void
  /**
   * From now on each peer hears the other, keys included, until one of the streams is closed. What a playout has queued
   * goes first. `other` was opened `beside` this one; both are started. The recording keeps what the other peer says where
   * the assistant's voice was. @throws VoiceError INTERNAL when they are not on one worker
   */
  bridgeTo(other: MediaStream): Promise<void>
  /** While paused the recording gets silence, on both sides. */
  pauseRecording(paused: boolean): void
  statistics(): Promise<RtpStatistics>
}

export interface MediaEngine extends AsyncDisposable {
  /** @throws VoiceError MEDIA_NO_PORT, CONFIG_INVALID (a source that is no address or range) */
  open(options: MediaOptions): Promise<MediaStream>
}
