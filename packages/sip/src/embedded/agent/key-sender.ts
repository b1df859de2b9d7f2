import type { DigestClient } from '../auth/digest-client.ts'
import type { Dialog } from '../dialog/dialog.ts'
import type { AgentContext } from './agent-context.ts'
import { sendInDialog } from './dialog-request.ts'
import { dtmfRelay } from './info-dtmf.ts'

/** Taste: more keys than this in a row are not typed by anybody; further ones are dropped. */
const maxWaiting = 64

/** Sends keys by INFO, one after the other, so that a lost one cannot be overtaken. */
export class KeySender {
  private readonly context: AgentContext
  private readonly dialog: Dialog
  private readonly digest: DigestClient
  private readonly onGone: () => void
  private readonly waiting: string[] = []
  private busy = false

  /** `onGone`: the peer does not know the call any more. */
  constructor(context: AgentContext, dialog: Dialog, digest: DigestClient, onGone: () => void) {
    this.context = context
    this.dialog = dialog
    this.digest = digest
    this.onGone = onGone
  }

  /** Unknown keys are ignored. */
  send(key: string, durationMs: number): void {
    const body = dtmfRelay(key, durationMs)
    if (body === undefined || this.waiting.length >= maxWaiting) return
    this.waiting.push(body)
    this.next()
  }

  stop(): void {
    this.waiting.length = 0
  }

  private next(): void {
    if (this.busy) return
    const body = this.waiting.shift()
    if (body === undefined) return
    this.busy = true
    sendInDialog(this.context, this.dialog, this.digest, {
      method: 'INFO',
      decorate: (request) => {
        request.headers.add('content-type', 'application/dtmf-relay')
        return { ...request, body: Buffer.from(body) }
      },
      // A peer that refuses one key may well take the next.
      onFinal: (response) => {
        this.busy = false
        if (response?.status === 481) this.onGone()
        this.next()
      },
    })
  }
}
