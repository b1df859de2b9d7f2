import { connect, type Socket } from 'node:net'
import { GuardedListener } from './guarded-listener.ts'
import type { StreamSockets } from './stream-transport.ts'
import type { SourceGate } from './transport.ts'

/** Plain TCP. @throws the bind error */
export async function openTcpSockets(
  host: string,
  port: number,
  gate: SourceGate,
  accept: (socket: Socket) => void,
): Promise<StreamSockets> {
  const listener = await GuardedListener.open(host, port, (address) => gate.knowsSource(address, 'tcp'), accept)
  return {
    transport: 'tcp',
    port: listener.port,
    readyEvent: 'connect',
    connect: (to) => connect({ host: to.host, port: to.port, noDelay: true }),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}
