import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../child-answer.ts'
import type { GatewayReport, GatewayUsage, UsageRequest } from './gateway-protocol.ts'

/** The gateway in a process of its own. */
export interface GatewayProcess extends AsyncDisposable {
  readonly port: number
  /** After a collection. `skipMs`: so much time passes for the gateway before. */
  usage(skipMs?: number): Promise<GatewayUsage>
}

/** @throws Error when the process does not get ready */
export async function startGateway(): Promise<GatewayProcess> {
  const child = fork(fileURLToPath(new URL('gateway-process.ts', import.meta.url)), [], {
    execArgv: ['--conditions=development', '--expose-gc'],
  })
  const { port } = await answerOf<GatewayReport, 'ready'>(child, 'ready')
  return {
    port,
    usage(skipMs = 0) {
      const usage = answerOf<GatewayReport, 'usage'>(child, 'usage')
      child.send({ skipMs } satisfies UsageRequest)
      return usage
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
    },
  }
}
