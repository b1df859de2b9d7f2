import type { Server } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { type WebSocket, WebSocketServer } from 'ws'
import { tone } from './speech-server.ts'
import type { VendorRequest } from './vendor-speech-server.ts'

/** Vendors that are asked over WebSocket. `voiceless`: Volcengine, which does not have the voice. */
export type SocketVendor = 'tencent' | 'volcengine' | 'voiceless'

const rateHz = 8_000
/** 100 ms. */
const pieceBytes = rateHz / 5
const noSuchVoice = 3_050

/** Has `server` speak their protocols, each below the path of its name; `onRequest` is told what was asked. */
export function serveSocketVendors(server: Server, onRequest: (request: VendorRequest) => void): void {
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, { url = '', headers }) => {
    const { pathname, searchParams } = new URL(url, 'ws://vendors')
    const ask = (text: string) => {
      onRequest({ path: url, headers, text })
      return tone(text.length * (rateHz / 10), rateHz)
    }
    const vendor = pathname.slice(1) as SocketVendor
    if (vendor === 'tencent') return speakTencent(socket, ask(searchParams.get('Text') ?? ''))
    socket.on('message', (message: Buffer) => {
      const sound = ask(JSON.parse(gunzipSync(message.subarray(8)).toString()).request.text)
      if (vendor === 'voiceless') socket.send(volcengine(0xf0, noSuchVoice, Buffer.from('no such voice')))
      else speakVolcengine(socket, sound)
    })
  })
}

function speakTencent(socket: WebSocket, sound: Buffer): void {
  socket.send(JSON.stringify({ code: 0, message: 'success' }))
  for (let at = 0; at < sound.length; at += pieceBytes) socket.send(sound.subarray(at, at + pieceBytes))
  socket.send(JSON.stringify({ code: 0, message: 'success', final: 1 }))
}

function speakVolcengine(socket: WebSocket, sound: Buffer): void {
  let sequence = 0
  for (let at = 0; at < sound.length; at += pieceBytes) {
    sequence += 1
    socket.send(volcengine(0xb1, sequence, sound.subarray(at, at + pieceBytes)))
  }
  socket.send(volcengine(0xb3, -sequence - 1, Buffer.alloc(0)))
}

/** A frame of this kind with a number (a sequence, or the code of a failure) before its payload. */
function volcengine(kind: number, number: number, payload: Buffer): Buffer {
  const head = Buffer.from([0x11, kind, 0x00, 0x00, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeInt32BE(number, 4)
  head.writeUInt32BE(payload.length, 8)
  return Buffer.concat([head, payload])
}
