import type { CallSpec, Logger, MediaEvent, MediaStream } from '@parley/core'
import type { MachineEvidence } from './answering-machine/machine-detector.ts'
import { MachineWatcher } from './answering-machine/machine-watcher.ts'
import type { CallHostOptions } from './call-host-options.ts'
import { type EarlyFinding, EarlyMedia } from './early/early-media.ts'

export interface WhoAnswersOptions {
  readonly spec: CallSpec
  readonly media: MediaStream
  readonly host: Pick<CallHostOptions, 'providers' | 'mediaOf' | 'clock'>
  readonly logger: Logger
  onFinding(finding: EarlyFinding): void
  onMachine(evidence: MachineEvidence): void
}

/** Finds out who is at the other end: the network before the answer, a machine after it. */
export class WhoAnswers {
  private readonly options: WhoAnswersOptions
  private early: EarlyMedia | undefined
  private watcher: MachineWatcher | undefined

  constructor(options: WhoAnswersOptions) {
    this.options = options
  }

  /** The session of a provisional response. */
  async listenEarly(sdp: string): Promise<void> {
    const { spec, media, host, logger, onFinding } = this.options
    const { earlyMedia = 'tones' } = host.mediaOf(spec.trunk)
    if (earlyMedia === 'ignore') return
    const { recognition } = spec.assistant
    this.early ??= new EarlyMedia({
      media,
      recognition,
      logger,
      ...(earlyMedia === 'words' ? { recognizer: host.providers.recognizer(recognition) } : {}),
      onFinding,
    })
    await this.early.listen(sdp)
  }

  answered(): void {
    this.early?.stop()
    const { spec, host, onMachine } = this.options
    if (spec.assistant.hangUpOnMachine) this.watcher = new MachineWatcher(host.clock, onMachine)
  }

  media(event: MediaEvent): void {
    if (event.type === 'tone') this.early?.tone(event.tone)
    this.watcher?.media(event)
  }

  /** What the one who answered says, as it is recognised. */
  words(text: string): void {
    this.watcher?.words(text)
  }

  stop(): void {
    this.early?.stop()
    this.watcher?.stop()
  }
}
