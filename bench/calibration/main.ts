import { createSocket } from 'node:dgram'

/**
 * The least a program must do that turns RTP around: receive a datagram, decode and encode G.711, send. Its own process
 * and its own tables; an engine is compared with it.
 */
const headerBytes = 12
const decode = Int16Array.from({ length: 256 }, (_, code) => expand(~code & 0xff))
const encode = Uint8Array.from({ length: 65_536 }, (_, sample) => compress((sample << 16) >> 16))

/** Mu-law, ITU-T G.711 table 2a. */
function expand(bits: number): number {
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7)) - 132
  return bits & 0x80 ? -magnitude : magnitude
}

function compress(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132
  const segment = 24 - Math.clz32(magnitude)
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff
}

const pcm = new Int16Array(1_500)
const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) })
socket.on('message', (datagram, { port, address }) => {
  const samples = datagram.length - headerBytes
  for (let i = 0; i < samples; i += 1) pcm[i] = decode[datagram[headerBytes + i] as number] as number
  for (let i = 0; i < samples; i += 1) datagram[headerBytes + i] = encode[(pcm[i] as number) & 0xffff] as number
  socket.send(datagram, port, address, () => {})
})
process.on('message', () => process.send?.({ type: 'cpu', ms: cpuMs() }))
process.on('disconnect', () => process.exit(0))
socket.bind(0, '127.0.0.1', () => process.send?.({ type: 'ready', port: socket.address().port }))

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
