import type { DigestClient } from '../auth/digest-client.ts'
import { cseqOf, type SipRequest, type SipResponse, sdpOf } from '../message/sip-message.ts'
import type { AgentContext } from './agent-context.ts'
import type { CallDialog } from './call-dialog.ts'
import { ackOf, sendInDialog } from './dialog-request.ts'

/** One of the phones an INVITE of ours reached: its early dialog, reliable responses and ACK. */
export class Fork {
  readonly usage: CallDialog
  /** Last description the phone sent before any change of the session. */
  sdp: string | undefined
  /** It came reliably, so it is the answer to our offer and the session may be changed already. */
  answered = false
  private readonly context: AgentContext
  private readonly digest: DigestClient
  private lastRSeq: number | undefined
  private lastSeen = ''
  private ack: SipRequest | undefined

  constructor(context: AgentContext, usage: CallDialog, digest: DigestClient) {
    this.context = context
    this.usage = usage
    this.digest = digest
  }

  get acknowledged(): boolean {
    return this.ack !== undefined
  }

  /**
   * Notes a 1xx and sends its PRACK. False: nothing new, or it came before its predecessor and will come again.
   * @see RFC 3262 section 4
   */
  takeProvisional(invite: SipRequest, response: SipResponse): boolean {
    if (response.headers.lists('require', '100rel')) {
      const rseq = Number(response.headers.get('rseq'))
      if (!Number.isInteger(rseq) || (this.lastRSeq !== undefined && rseq !== this.lastRSeq + 1)) return false
      this.lastRSeq = rseq
      this.usage.dialog.refreshTarget(response)
      sendInDialog(this.context, this.usage.dialog, this.digest, {
        method: 'PRACK',
        decorate: (request) => {
          request.headers.add('rack', `${rseq} ${cseqOf(invite).number} INVITE`)
          return request
        },
      })
    }
    const sdp = sdpOf(response)
    this.sdp = sdp ?? this.sdp
    this.answered ||= sdp !== undefined && this.lastRSeq !== undefined && response.headers.has('rseq')
    this.usage.learn(response)
    // A repeat of what is known already, as networks and patient callees send.
    const seen = `${response.status} ${sdp ?? ''}`
    const isNews = seen !== this.lastSeen
    this.lastSeen = seen
    return isNews
  }

  /** Sends the ACK of a 2xx. */
  acknowledge(invite: SipRequest, response: SipResponse): void {
    this.usage.dialog.confirm(response)
    this.ack = ackOf(this.usage.dialog, invite)
    this.repeatAck()
  }

  /** True when there is an ACK to repeat: the 2xx was a repeat too. */
  repeatAck(): boolean {
    if (this.ack) this.context.layer.sendAck(this.ack, this.usage.dialog.nextHop())
    return this.ack !== undefined
  }
}
