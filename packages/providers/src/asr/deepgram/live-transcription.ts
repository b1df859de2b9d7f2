import {
  Channel,
  type Clock,
  type Logger,
  type RecognizerInput,
  type Transcript,
  type TurnHint,
  VoiceError,
} from '@parley/core'
import type { LiveConnection } from './live-connection.ts'
import type { LiveDialect, StretchAssembler } from './live-dialect.ts'
import { ReplayLog, type StreamItem } from './replay-log.ts'

export interface TranscriptionTools<Result extends { readonly type: 'result' }> {
  readonly clock: Clock
  readonly logger: Logger
  readonly dialect: LiveDialect<Result>
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
export class LiveTranscription<Result extends { readonly type: 'result' }> {
  readonly output = new Channel<Transcript | TurnHint>(outputCapacity, 'drop-oldest')
  private readonly tools: TranscriptionTools<Result>
  private readonly log = new ReplayLog()
  private readonly assembler: StretchAssembler<Result>
  private readonly deadlines: Disposable[] = []
  private connection: LiveConnection | undefined
  /** A lost connection is replaced once; a final that arrives shows that the new one works. */
  private mayReconnect = true
  /** When the oldest stretch that is owed a final began, and when the service last said anything. */
  private voiceAtMs = 0
  private heardAtMs = 0
  /** A connection that says nothing is replaced once; any message shows that the new one works. */
  private mayReplaceMute = true
  private draining = false
  private ended = false

  constructor(tools: TranscriptionTools<Result>) {
    this.tools = tools
    this.assembler = tools.dialect.createAssembler()
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
      else if (item.type === 'speech.started') this.stretchStarted(item.mediaMs)
      else this.stretchStopped(item.mediaMs)
    }
    this.inputEnded()
  }

  private stretchStarted(mediaMs: number): void {
    if (this.assembler.isEmpty) this.voiceAtMs = this.tools.clock.nowMs()
    this.emit(this.assembler.started(mediaMs))
  }

  private stretchStopped(mediaMs: number): void {
    const known = this.assembler.stopped(mediaMs)
    this.send({ type: 'finalize' })
    this.armDeadline()
    this.emit(known)
  }

  private send(item: StreamItem): void {
    if (this.assembler.isEmpty) this.log.keepLast(prerollItems)
    this.log.add(item)
    if (this.connection) this.transmit(this.connection, item)
  }

  private transmit(connection: LiveConnection, item: StreamItem): void {
    if (item.type === 'audio') connection.sendAudio(item)
    else if (this.tools.dialect.finalizes) connection.sendControl('Finalize')
  }

  private async connect(): Promise<void> {
    const connection = await this.tools.connect()
    if (this.ended) {
      connection.close()
      return
    }
    connection.listen({
      message: (data) => this.received(data, connection),
      closed: (code) => this.lost(code),
    })
    this.connection = connection
    for (const item of this.log.items) this.transmit(connection, item)
    if (this.draining) connection.sendControl('CloseStream')
  }

  private received(data: unknown, connection: LiveConnection): void {
    const { clock, logger, dialect } = this.tools
    const message = dialect.parse(data)
    this.heardAtMs = clock.nowMs()
    this.mayReplaceMute = true
    if (message.type === 'garbage') logger.warn('speech recogniser sent an unreadable message')
    if (message.type === 'error') logger.warn('speech recogniser reported an error', { detail: message.detail })
    if (message.type !== 'result') return
    this.emit(this.assembler.result(message, (streamMs) => connection.toMedia(streamMs)))
  }

  private emit(transcripts: readonly (Transcript | TurnHint)[]): void {
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
      clock.setTimer(clock.nowMs() + finalWithinMs, () => {
        this.emitLate(this.assembler.closeOldest())
        if (this.heardAtMs < this.voiceAtMs) this.replaceMute()
      }),
    )
  }

  /** The connection is open, but a whole stretch and its deadline have gone by without a word from the service. */
  private replaceMute(): void {
    if (!this.connection || !this.mayReplaceMute || this.draining) return
    this.mayReplaceMute = false
    this.tools.logger.warn('speech recogniser says nothing, reconnecting')
    this.connection.close()
    this.reconnect()
  }

  private reconnect(): void {
    this.connection = undefined
    this.assembler.forget()
    this.connect().catch((error) => this.end(error))
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
      this.reconnect()
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
