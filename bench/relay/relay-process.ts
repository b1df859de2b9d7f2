import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../child-answer.ts'
import type { NetworkName } from './network-profile.ts'
import type { RelayedPacket, RelayReport, RelayRequest, RelaySettings } from './protocol.ts'

/** The network in its own process. */
export interface RelayProcess extends AsyncDisposable {
  /** Where a telephone with this RTP port sends to, and where the engine finds it. @throws Error for another port */
  addressFor(phonePort: number): { readonly host: string; readonly port: number }
  configure(network: NetworkName, seed: number): void
  /** Packets since the last time. */
  collect(): Promise<readonly RelayedPacket[]>
}

/** @throws Error when the process does not get ready */
export async function startRelay(settings: RelaySettings): Promise<RelayProcess> {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [JSON.stringify(settings)])
  const { ports } = await answerOf<RelayReport, 'ready'>(child, 'ready')
  const send = (request: RelayRequest) => void child.send(request)
  return {
    addressFor(phonePort) {
      const port = ports[settings.phonePorts.indexOf(phonePort)]
      if (port === undefined) throw new Error(`the relay has no socket for port ${phonePort}`)
      return { host: '127.0.0.1', port }
    },
    configure: (network, seed) => send({ type: 'configure', network, seed }),
    async collect() {
      const answer = answerOf<RelayReport, 'packets'>(child, 'packets')
      send({ type: 'collect' })
      return (await answer).packets
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
    },
  }
}
