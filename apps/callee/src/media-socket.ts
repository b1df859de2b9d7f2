import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns'
import { isIPv4 } from 'node:net'

export interface PortRange {
  readonly from: number
  readonly to: number
}

type LookupDone = (error: NodeJS.ErrnoException | null, address: string, family: number) => void

/**
 * Addresses are literals nearly always, so the look-up answers at once. That makes `send` reach the kernel before it
 * returns: the stamp taken beside it is exact.
 */
function lookupLiteral(host: string, _options: unknown, done: LookupDone): void {
  if (isIPv4(host)) done(null, host, 4)
  else lookup(host, { family: 4 }, done)
}

/** A bound UDP socket that ignores ICMP errors. @throws Error of the bind */
export function bindUdp(host: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: lookupLiteral, recvBufferSize: 1 << 20 })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, host, () => {
      socket.removeListener('error', reject)
      // An unreachable port of the peer is the peer's affair; the call ends by its own timers.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

let cursor = 0

/** A socket on an even port: of `range` in turn, or any free one. @throws Error when none is free */
export async function bindRtp(host: string, range: PortRange | undefined): Promise<Socket> {
  if (range === undefined) {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const socket = await bindUdp(host, 0)
      if (socket.address().port % 2 === 0) return socket
      socket.close()
    }
    throw new Error('no free even RTP port')
  }
  const first = range.from + (range.from & 1)
  const ports = Math.floor((range.to - first) / 2) + 1
  for (let attempt = 0; attempt < ports; attempt += 1) {
    const port = first + 2 * (cursor++ % ports)
    try {
      return await bindUdp(host, port)
    } catch {
      // Taken by another call; the next one may be free.
    }
  }
  throw new Error('no free RTP port in the range')
}
