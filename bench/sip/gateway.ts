import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../child-answer.ts'
import type { GatewayReport, GatewayUsage } from './gateway-protocol.ts'

/** The gateway in a process of its own. */
export interface GatewayProcess extends AsyncDisposable {
  readonly port: number
  usage(): Promise<GatewayUsage>
}

/** @throws Error when the process does not get ready */
export async function startGateway(): Promise<GatewayProcess> {
  const child = fork(fileURLToPath(new URL('gateway-process.ts', import.meta.url)), [], {
    execArgv: ['--conditions=development', '--expose-gc'],
  })
  const { port } = await answerOf<GatewayReport, 'ready'>(child, 'ready')
  return {
    port,
    usage() {
      const usage = answerOf<GatewayReport, 'usage'>(child, 'usage')
      child.send('usage')
      return usage
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
    },
  }
}
