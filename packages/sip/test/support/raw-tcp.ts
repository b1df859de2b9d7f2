import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Sends bytes over a new connection and gives what comes back until `until` holds or the peer closes, 5 s at most. */
export const exchange = (port: number, bytes: string, until: (text: string) => boolean): Promise<string> =>
  replyOf(connect(port, '127.0.0.1'), bytes, until)

/** The same over a socket of the caller's making. */
export async function replyOf(socket: Socket, bytes: string, until: (text: string) => boolean): Promise<string> {
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk
    if (until(text)) socket.destroy()
  })
  const guard = setTimeout(() => socket.destroy(), 5_000)
  socket.write(bytes)
  await once(socket, 'close')
  clearTimeout(guard)
  return text
}
