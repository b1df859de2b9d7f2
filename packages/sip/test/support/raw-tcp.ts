import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends bytes over a new connection and gives what comes back until `until` holds or the peer closes, 5 s at most. */
export async function exchange(port: number, bytes: string, until: (text: string) => boolean): Promise<string> {
  const socket = connect(port, '127.0.0.1')
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
