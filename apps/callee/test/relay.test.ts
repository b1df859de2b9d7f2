import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { callBetween } from './phone-pair.ts'

/** A socket that passes what comes from one port to the other, whichever that is. */
async function openRelay(phonePort: number): Promise<number> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  const listening = once(socket, 'listening')
  socket.bind(0, '127.0.0.1')
  await listening
  let peerPort = 0
  socket.on('message', (datagram, from) => {
    if (from.port !== phonePort) peerPort = from.port
    const to = from.port === phonePort ? peerPort : phonePort
    if (to !== 0) socket.send(datagram, to, '127.0.0.1')
  })
  return socket.address().port
}

test('with a relay in between, both phones hear each other and no packet takes the straight way', async () => {
  const phonePort = 28_002
  const relayPort = await openRelay(phonePort)
  const { callee, caller } = await callBetween(
    {
      rtpPorts: { from: phonePort, to: phonePort },
      rtpVia: () => ({ host: '127.0.0.1', port: relayPort }),
      script: { steps: [{ wait: { heard: 'end', silence: 300 } }, { say: { clip: 'cards-001.wav' } }] },
    },
    {
      script: { steps: [{ say: { clip: 'cards-003.wav' } }, { wait: { heard: 'end', silence: 300 } }], ends: 'peer' },
    },
  )
  expect([callee.problems, caller.problems]).toEqual([[], []])
  expect([callee.heard.length, caller.heard.length]).toEqual([1, 1])
  expect([callee.datagramsIgnored, caller.datagramsIgnored]).toEqual([0, 0])
})
