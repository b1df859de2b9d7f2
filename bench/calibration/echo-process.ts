import { type ChildProcess, fork } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../child-answer.ts'
import { monotonicNs, nsPerMs, sleep } from '../monotonic.ts'
import { type Summary, summarise } from '../statistics.ts'

/** What the machine makes of an echo. */
export interface EchoCalibration {
  /** A packet sent to its echo received. */
  readonly rttMs: Summary | undefined
  /** CPU time of the echo process for one second of one 20 ms stream. */
  readonly cpuMsPerStreamSecond: number
}

type EchoReport = { readonly type: 'ready'; readonly port: number } | { readonly type: 'cpu'; readonly ms: number }

const packetBytes = 172
const tickMs = 20

/** Sends `streams` streams of a packet each 20 ms for `durationMs` through an echo in a process of its own. */
export async function calibrateEcho(streams: number, durationMs: number): Promise<EchoCalibration> {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)))
  const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) })
  try {
    const { port } = await answerOf<EchoReport, 'ready'>(child, 'ready')
    const bound = once(socket, 'listening')
    socket.bind(0, '127.0.0.1')
    await bound
    return await measure(child, socket, port, streams, durationMs)
  } finally {
    socket.close()
    child.disconnect()
  }
}

async function measure(child: ChildProcess, socket: Socket, port: number, streams: number, durationMs: number) {
  const rtts: number[] = []
  socket.on('message', (datagram) => rtts.push((monotonicNs() - Number(datagram.readBigUInt64BE(0))) / nsPerMs))
  const beforeMs = await cpuMs(child)
  const packet = Buffer.alloc(packetBytes, 0x5a)
  const fromNs = monotonicNs()
  const ticks = Math.round(durationMs / tickMs)
  // Streams are spread over the 20 ms, as calls are.
  for (let sent = 0; sent < ticks * streams; sent += 1) {
    const waitMs = (sent * tickMs) / streams - (monotonicNs() - fromNs) / nsPerMs
    if (waitMs > 0.5) await sleep(waitMs)
    packet.writeBigUInt64BE(process.hrtime.bigint(), 0)
    socket.send(Buffer.from(packet), port, '127.0.0.1')
  }
  await sleep(2 * tickMs)
  const usedMs = (await cpuMs(child)) - beforeMs
  return { rttMs: summarise(rtts), cpuMsPerStreamSecond: usedMs / ((streams * durationMs) / 1_000) }
}

async function cpuMs(child: ChildProcess): Promise<number> {
  const answer = answerOf<EchoReport, 'cpu'>(child, 'cpu')
  child.send('cpu')
  return (await answer).ms
}
