import { sendNew } from '../contract/peer-dialog.ts'
import { UdpPeer } from '../contract/udp-peer.ts'

/**
 * Resolves when the server hands its requests to the stack: the stack's wish for them travels over TCP and may come
 * after a datagram that was sent later.
 */
export async function untilServed(sipPort: number): Promise<void> {
  await using peer = await UdpPeer.open()
  peer.target = sipPort
  for (let attempt = 0; attempt < 200; attempt += 1) {
    sendNew(peer, 'OPTIONS')
    if ((await peer.response('OPTIONS')).status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the server does not hand out requests')
}
