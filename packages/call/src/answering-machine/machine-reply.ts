import type { Logger, MediaEvent, MediaStream } from '@parley/core'
import { Announcer } from '../announcer.ts'
import type { CallHostOptions } from '../call-host-options.ts'
import type { CallTalk } from '../call-talk.ts'
import { LeaveMessage } from './leave-message.ts'
import type { MachineEvidence } from './machine-detector.ts'

export interface MachineReplyOptions {
  readonly host: Pick<CallHostOptions, 'clock' | 'providers' | 'machineMessage'>
  readonly media: MediaStream
  /** Paused for the message. */
  readonly talk: CallTalk
  readonly logger: Logger
  /** The machine can be hung up on. */
  onDone(): void
}

/** A machine is hung up on, or left the message that the installation has for machines. */
export class MachineReply {
  private readonly options: MachineReplyOptions
  private leaving: LeaveMessage | undefined

  constructor(options: MachineReplyOptions) {
    this.options = options
  }

  answered(evidence: MachineEvidence): void {
    const { host, media, talk, logger, onDone } = this.options
    const { clock, providers, machineMessage: message } = host
    const { voice, recognition } = talk.assistant
    logger.info('a machine answered', { evidence })
    if (!message || evidence === 'fax') {
      onDone()
      return
    }
    talk.pause()
    const announcer = new Announcer({
      synthesizer: providers.synthesizer(voice),
      playout: media.playout,
      clock,
      language: recognition.languages[0] ?? '',
      nextGeneration: () => talk.nextGeneration(),
    })
    this.leaving = new LeaveMessage({ announcer, clock, message, onDone }, evidence)
  }

  media(event: MediaEvent): void {
    this.leaving?.media(event)
  }

  stop(): void {
    this.leaving?.stop()
  }
}
