import { Channel, type Clock, type Logger, type RecognizerInput, type Transcript, VoiceError } from '@parley/core'
import type { LiveConnection } from './live-connection.ts'
import type { LiveMessage } from './live-message.ts'
import { ReplayLog, type StreamItem, StreamTimeline } from './replay-log.ts'
import { StretchAssembler } from './stretch-assembler.ts'

export interface TranscriptionTools {
  readonly clock: Clock
  readonly logger: Logger
  /** A connection that is open, from stock or new. */
  readonly connect: () => Promise<LiveConnection>
  /** How long after `speech.stopped` the final may come before the last partial stands in for it. */
  readonly finalWithinMs: number
}

/** Generous: a reader that is 256 transcripts behind has stopped reading. */
const outputCapacity = 256
/** Audio kept while nobody speaks: the VAD notices a voice some time after it began. */
const prerollItems = 50
/** How long the last results may take after `CloseStream`. */
const drainWithinMs = 2_000

/**
 * One call's recognition. Audio goes to the log first and from there to whichever connection is open, so that opening
 * the first connection and replacing a lost one are the same thing.
 */
export class LiveTranscription {
  readonly output = new Channel<Transcript>(outputCapacity, 'drop-oldest')
  private readonly tools: TranscriptionTools
  private readonly log = new ReplayLog()
  private readonly assembler = new StretchAssembler()
  private readonly deadlines: Disposable[] = []
  private timeline = new StreamTimeline()
  private connection: LiveConnection | undefined
  /** A lost connection is replaced once; a final that arrives shows that the new one works. */
  private mayReconnect = true
  private draining = false
  private ended = false

  constructor(tools: TranscriptionTools) {
    this.tools = tools
  }

  /** Runs until the output is closed. Never rejects: failures close the output. */
  async run(input: AsyncIterable<RecognizerInput>): Promise<void> {
    try {
      const reading = this.read(input)
      await this.connect()
      await reading
    } catch (error) {
      this.end(error)
    }
  }

  /** Closes everything; the output ends with `error` when given. */
  end(error?: unknown): void {
    if (this.ended) return
    this.ended = true
    for (const deadline of this.deadlines) deadline[Symbol.dispose]()
    this.connection?.close()
    this.output.close(error)
  }

  private async read(input: AsyncIterable<RecognizerInput>): Promise<void> {
    for await (const item of input) {
      if (this.ended) return
      if (item.type === 'audio') this.send(item)
      else if (item.type === 'speech.started') this.emit(this.assembler.started(item.mediaMs))
      else this.stretchStopped(item.mediaMs)
    }
    this.inputEnded()
  }

  private stretchStopped(mediaMs: number): void {
    this.assembler.stopped(mediaMs)
    this.send({ type: 'finalize' })
    this.armDeadline()
  }

  private send(item: StreamItem): void {
    if (this.assembler.isEmpty) this.log.keepLast(prerollItems)
    this.log.add(item)
    if (this.connection) this.transmit(this.connection, item)
  }

  private transmit(connection: LiveConnection, item: StreamItem): void {
    if (item.type === 'finalize') {
      connection.sendControl('Finalize')
      return
    }
    this.timeline.sent(item)
    connection.sendAudio(item.samples)
  }

  private async connect(): Promise<void> {
    const connection = await this.tools.connect()
    if (this.ended) {
      connection.close()
      return
    }
    this.timeline = new StreamTimeline()
    connection.listener = {
      message: (message) => this.received(message),
      closed: (code) => this.lost(code),
    }
    this.connection = connection
    for (const item of this.log.items) this.transmit(connection, item)
    if (this.draining) connection.sendControl('CloseStream')
  }

  private received(message: LiveMessage): void {
    const { logger } = this.tools
    if (message.type === 'garbage') logger.warn('speech recogniser sent an unreadable message')
    if (message.type === 'error') logger.warn('speech recogniser reported an error', { detail: message.detail })
    if (message.type !== 'result') return
    const timeline = this.timeline
    this.emit(this.assembler.result(message, (streamMs) => timeline.toMedia(streamMs)))
  }

  private emit(transcripts: readonly Transcript[]): void {
    for (const transcript of transcripts) {
      if (transcript.kind === 'final') {
        this.deadlines.shift()?.[Symbol.dispose]()
        this.log.settled()
        this.mayReconnect = true
      }
      this.output.push(transcript)
    }
  }

  private armDeadline(): void {
    const { clock, finalWithinMs } = this.tools
    this.deadlines.push(
      clock.setTimer(clock.nowMs() + finalWithinMs, () => this.emitLate(this.assembler.closeOldest())),
    )
  }

  /** The final is overdue. Unlike an answer it says nothing about the connection. */
  private emitLate(transcripts: readonly Transcript[]): void {
    const mayReconnect = this.mayReconnect
    this.emit(transcripts)
    this.mayReconnect = mayReconnect
  }

  private lost(code: number): void {
    this.connection = undefined
    if (this.ended) return
    if (this.draining) {
      this.finish()
    } else if (this.mayReconnect) {
      this.mayReconnect = false
      this.tools.logger.warn('speech recogniser connection lost, reconnecting', { code })
      this.assembler.forget()
      this.connect().catch((error) => this.end(error))
    } else {
      this.end(new VoiceError('ASR_UNAVAILABLE', { detail: `connection lost twice, code ${code}` }))
    }
  }

  private inputEnded(): void {
    this.draining = true
    this.connection?.sendControl('CloseStream')
    const { clock } = this.tools
    this.deadlines.push(clock.setTimer(clock.nowMs() + drainWithinMs, () => this.finish()))
  }

  private finish(): void {
    while (!this.assembler.isEmpty) this.emit(this.assembler.closeOldest())
    this.end()
  }
}
