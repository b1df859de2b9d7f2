import {
  Channel,
  type EarlySound,
  type Logger,
  type MediaStream,
  type RecognitionSpec,
  type RecognizerInput,
  type SpeechRecognizer,
  type ToneName,
  type UnansweredReason,
} from '@parley/core'
import { announcementHints, reasonInWords } from './announcement.ts'

/** `words`: said by an announcement; `tone`: told by a tone of the network, which is less sure. */
export interface EarlyFinding {
  readonly reason: UnansweredReason
  readonly by: 'words' | 'tone'
}

export interface EarlyMediaOptions {
  readonly media: Pick<MediaStream, 'listenEarly' | 'early'>
  /** Absent: only tones are listened to. */
  readonly recognizer?: SpeechRecognizer
  readonly recognition: RecognitionSpec
  readonly logger: Logger
  onFinding(finding: EarlyFinding): void
}

const reasonOfTone: Readonly<Partial<Record<ToneName, UnansweredReason>>> = {
  busy: 'busy',
  congestion: 'carrierFault',
  'sit.noNumber': 'numberNotExist',
  sit: 'unreachable',
}

const inputCapacity = 100
/** An announcement's sentences are this far apart. */
const pauseMs = 500
const soundMs = 100

/** Listens to what the network plays before the answer, and tells what it means. Not an error of it ends the call. */
export class EarlyMedia {
  private readonly options: EarlyMediaOptions
  private readonly abort = new AbortController()
  private readonly input = new Channel<RecognizerInput>(inputCapacity, 'drop-oldest')
  private isReading = false
  private isVoiced = false
  private quietMs = 0
  private heard = ''

  constructor(options: EarlyMediaOptions) {
    this.options = options
  }

  /** The session of a provisional response. */
  async listen(sdp: string): Promise<void> {
    const { media, logger } = this.options
    try {
      await media.listenEarly(sdp)
    } catch (error) {
      logger.warn('early media cannot be heard', { error })
      return
    }
    if (this.isReading || this.abort.signal.aborted) return
    this.isReading = true
    void this.read()
  }

  /** A tone that the media stream heard. */
  tone(tone: ToneName): void {
    const reason = reasonOfTone[tone]
    if (reason && !this.abort.signal.aborted) this.options.onFinding({ reason, by: 'tone' })
  }

  stop(): void {
    this.input.close()
    this.abort.abort()
  }

  private async read(): Promise<void> {
    const { recognizer, media, logger } = this.options
    if (recognizer) void this.recognize(recognizer)
    try {
      for await (const sound of media.early) {
        if (this.abort.signal.aborted) return
        if (recognizer) this.take(sound)
      }
    } catch (error) {
      logger.warn('early media was lost', { error })
    }
  }

  /** Marks go where the voice begins and where it has been gone for half a second. */
  private take(sound: EarlySound): void {
    const { samples, mediaMs, isVoice } = sound
    if (isVoice && !this.isVoiced) this.input.push({ type: 'speech.started', mediaMs })
    this.input.push({ type: 'audio', samples, mediaMs })
    this.quietMs = isVoice ? 0 : this.quietMs + soundMs
    if (isVoice) this.isVoiced = true
    else if (this.isVoiced && this.quietMs >= pauseMs) {
      this.isVoiced = false
      this.input.push({ type: 'speech.stopped', mediaMs: mediaMs + soundMs - this.quietMs })
    }
  }

  private async recognize(recognizer: SpeechRecognizer): Promise<void> {
    const { recognition, logger } = this.options
    const spec = { ...recognition, hints: announcementHints }
    const { signal } = this.abort
    try {
      for await (const transcript of recognizer.transcribe(this.input, spec, signal)) {
        if (signal.aborted) return
        if (transcript.kind === 'turn') continue
        this.judge(`${this.heard} ${transcript.text}`)
        if (transcript.kind === 'final') this.heard = `${this.heard} ${transcript.text}`.slice(-400)
      }
    } catch (error) {
      if (!signal.aborted) logger.warn('announcements are not recognised', { error })
    }
  }

  private judge(text: string): void {
    const reason = reasonInWords(text)
    if (reason) this.options.onFinding({ reason, by: 'words' })
  }
}
