import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One accepted WebSocket, as the service sees it. */
export interface LivePeer {
  readonly request: IncomingMessage
  readonly texts: string[]
  audioBytes: number
  send(message: unknown): void
  sendRaw(text: string): void
  /** Without a close frame, as when a machine dies. */
  drop(): void
  close(): void
  /** Resolves when `condition` holds; checked after each frame and on close. */
  until(condition: () => boolean): Promise<void>
}

const acceptKey = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/** A WebSocket server just large enough to play a speech service (RFC 6455, no fragments, frames below 64 kB). */
export async function startLiveServer(refuseWith?: () => number | undefined) {
  const peers: LivePeer[] = []
  const sockets = new Set<Socket>()
  let wake = () => {}
  const server = createServer((_request, response) => response.writeHead(refuseWith?.() ?? 405).end())
  server.on('connection', (socket) => sockets.add(socket))
  server.on('upgrade', (request, socket: Socket) => {
    const status = refuseWith?.()
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      return
    }
    const accept = acceptKey(request.headers['sec-websocket-key'] ?? '')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    peers.push(createPeer(request, socket))
    wake()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/listen`,
    peers,
    async peer(index: number): Promise<LivePeer> {
      for (;;) {
        const peer = peers[index]
        if (peer) return peer
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

function createPeer(request: IncomingMessage, socket: Socket): LivePeer {
  let pending = Buffer.alloc(0)
  const waiting = new Set<() => void>()
  const check = () => {
    for (const look of [...waiting]) look()
  }
  const frame = (opcode: number, payload: Buffer) => {
    const long = payload.length > 125
    const head = Buffer.alloc(long ? 4 : 2)
    head[0] = 0x80 | opcode
    head[1] = long ? 126 : payload.length
    if (long) head.writeUInt16BE(payload.length, 2)
    socket.write(Buffer.concat([head, payload]))
  }
  const peer: LivePeer = {
    request,
    texts: [],
    audioBytes: 0,
    send: (message) => frame(1, Buffer.from(JSON.stringify(message))),
    sendRaw: (text) => frame(1, Buffer.from(text)),
    drop: () => socket.destroy(),
    close: () => frame(8, Buffer.from([0x03, 0xe8])),
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    for (let next = takeFrame(pending); next; next = takeFrame(pending)) {
      pending = Buffer.from(pending.subarray(next.bytes))
      if (next.opcode === 1) peer.texts.push(next.payload.toString())
      if (next.opcode === 2) peer.audioBytes += next.payload.length
      if (next.opcode === 8) socket.end()
    }
    check()
  })
  socket.on('error', () => {})
  socket.on('close', check)
  return peer
}

function takeFrame(data: Buffer): { opcode: number; payload: Buffer; bytes: number } | undefined {
  if (data.length < 6) return undefined
  const short = (data[1] as number) & 0x7f
  const headBytes = short === 126 ? 4 : 2
  const length = short === 126 ? data.readUInt16BE(2) : short
  if (data.length < headBytes + 4 + length) return undefined
  const mask = data.subarray(headBytes, headBytes + 4)
  const payload = Buffer.from(data.subarray(headBytes + 4, headBytes + 4 + length))
  for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] as number) ^ (mask[at % 4] as number)
  return { opcode: (data[0] as number) & 0x0f, payload, bytes: headBytes + 4 + length }
}
