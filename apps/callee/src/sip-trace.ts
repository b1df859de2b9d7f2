import { nowNs } from './monotonic-clock.ts'
import { cseqOf, formatSip, type SipMessage } from './sip-message.ts'

/** One SIP message of a call. Credentials and the middle of long numbers are masked. */
export interface SipLogLine {
  readonly atNs: number
  readonly direction: 'sent' | 'received'
  /** `INVITE`, or `INVITE-200` for a response. */
  readonly label: string
  /** The message never reached its receiver, by the script's `drop`. */
  readonly wasLost: boolean
  readonly text: string
}

/** What `drop` calls a message. */
function labelOf(message: SipMessage): string {
  return message.kind === 'request' ? message.method : `${cseqOf(message).method}-${message.status}`
}

function mask(text: string): string {
  return text
    .replace(/^((?:Proxy-)?Authorization): .*$/gim, '$1: [masked]')
    .replace(/(?<=(?:sips?:|tel:|")\+?\d{2})\d{3,}(?=\d{2}(?:[@;>"]))/g, (digits) => '*'.repeat(digits.length))
}

/** The SIP messages of one call, and the losses its script wants. */
export class SipTrace {
  readonly lines: SipLogLine[] = []
  readonly #toLose: string[]

  constructor(drop: readonly string[]) {
    this.#toLose = [...drop]
  }

  /** Notes a message. True when it is to be lost. */
  record(direction: 'sent' | 'received', message: SipMessage): boolean {
    const label = labelOf(message)
    const at = this.#toLose.indexOf(label)
    if (at >= 0) this.#toLose.splice(at, 1)
    this.lines.push({ atNs: nowNs(), direction, label, wasLost: at >= 0, text: mask(formatSip(message)) })
    return at >= 0
  }
}
