import { createSocket } from 'node:dgram'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SeededRandom } from '../src/seeded-random.ts'
import { openPhone } from './phone-pair.ts'

const seed = 20_261_123

function invite(number: number): string {
  const body =
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n'
  return [
    'INVITE sip:1000@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${number};rport`,
    'Record-Route: <sip:127.0.0.1:9;lr>, <sip:127.0.0.2:9;lr>',
    'From: "a" <sip:a@127.0.0.1:9>;tag=1',
    'To: <sip:1000@127.0.0.1>',
    `Call-ID: call-${number % 20}`,
    `CSeq: ${number} INVITE`,
    'Contact: <sip:a@127.0.0.1:9>',
    'Supported: 100rel',
    'Content-Type: application/sdp',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

/** Changes, drops, doubles or inserts up to eight octets, or cuts the message off. */
function mutate(message: Buffer, random: SeededRandom): Buffer {
  const octets = [...message]
  for (let count = random.below(8); count >= 0; count -= 1) {
    const at = random.below(octets.length)
    const kind = random.below(4)
    if (kind === 0) octets[at] = random.below(256)
    else if (kind === 1) octets.splice(at, 1 + random.below(10))
    else if (kind === 2) octets.splice(at, 0, ...octets.slice(at, at + random.below(40)))
    else octets.splice(at, 0, ...Buffer.from(';:<>",=\r\n@'.repeat(random.below(4))))
    if (octets.length === 0) break
  }
  return Buffer.from(random.below(10) === 0 ? octets.slice(0, random.below(octets.length + 1)) : octets)
}

test(`two thousand damaged requests and responses (seed ${seed}) leave the phone able to talk`, {
  timeout: 20_000,
}, async () => {
  const random = new SeededRandom(seed)
  const phone = await openPhone({ script: { answer: { after: 20, early: true }, reliable: true, ends: 'peer' } })
  const stranger = createSocket('udp4')
  for (let i = 1; i <= 2000; i += 1) {
    const base = invite(i)
    const methods = ['INVITE', 'INVITE', 'BYE', 'CANCEL', 'UPDATE', 'PRACK', 'ACK', 'INFO', 'SUBSCRIBE']
    const method = methods[random.below(methods.length)] ?? 'BYE'
    const tagged = random.below(2) === 0 ? base : base.replace('To: <sip:1000@127.0.0.1>', '$&;tag=2')
    const message =
      random.below(5) === 0 ? tagged.replace(/^INVITE.*/, 'SIP/2.0 200 OK') : tagged.replaceAll('INVITE', method)
    stranger.send(mutate(Buffer.from(message), random), phone.port, '127.0.0.1')
    if (i % 10 === 0) await setImmediate()
  }
  const caller = await openPhone({})
  const call = await caller.placeCall({ to: `127.0.0.1:${phone.port}`, user: '1', script: { steps: [{ pause: 60 }] } })
  expect(await call.ended).toMatchObject({ outcome: 'completed' })
  stranger.close()
})
