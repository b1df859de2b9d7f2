import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { callBetween, labels, openPhone } from './phone-pair.ts'

const talk = { answer: {}, ends: 'peer' as const }

test('lost messages are repeated until the call stands', { timeout: 15_000 }, async () => {
  const { callee, caller } = await callBetween(
    { script: { ...talk, drop: ['INVITE', 'INVITE-200', 'ACK', 'BYE'] } },
    { script: { steps: [{ pause: 100 }] } },
  )
  expect(caller).toMatchObject({ outcome: 'completed', problems: [] })
  expect(callee.outcome).toBe('completed')
  expect(callee.sipLog.filter(({ wasLost }) => wasLost).map(({ label }) => label)).toEqual([
    'INVITE',
    'INVITE-200',
    'ACK',
    'BYE',
  ])
  expect(labels(callee).filter((label) => label === 'sent INVITE-200').length).toBeGreaterThan(1)
})

test('garbage on both ports changes nothing', { timeout: 15_000 }, async () => {
  const { callee, caller } = await callBetween(
    { script: talk },
    { script: { steps: [{ pause: 60 }, { garbage: { count: 600 } }, { pause: 60 }] } },
  )
  expect(caller.outcome).toBe('completed')
  expect(callee.datagramsIgnored).toBeGreaterThan(100)
  expect(callee.heard).toEqual([])
})

test('sound from a stranger is not heard', async () => {
  const { callee } = await callBetween(
    { script: talk },
    { script: { steps: [{ pause: 60 }, { 'alien-rtp': { for: '200ms' } }] } },
  )
  expect(callee.datagramsIgnored).toBeGreaterThan(5)
  expect(callee.heard).toEqual([])
})

test('a stop of the stream leaves a hole and a new source goes on', async () => {
  const { caller, callee } = await callBetween(
    { script: talk },
    { script: { steps: [{ pause: 100 }, { 'stop-rtp': '300ms' }, { 'ssrc-change': true }, { pause: 100 }] } },
  )
  const lengthMs = (caller.endedAtNs - (caller.answeredAtNs ?? 0)) / 1e6
  expect(caller.packetsOut).toBeLessThan((lengthMs - 250) / 20)
  expect(callee.packetsIn).toBe(caller.packetsOut)
})

test('a storm of malformed and half-right SIP leaves the phone able to take a call', { timeout: 15_000 }, async () => {
  const phone = await openPhone({ script: talk })
  const stranger = createSocket('udp4')
  const via = 'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK'
  const tail = 'From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: nobody\r\n'
  for (let i = 0; i < 500; i += 1) {
    const messages = [
      Buffer.from(Array.from({ length: i % 97 }, (_, k) => (i * 31 + k * 17) & 0xff)),
      Buffer.from(`BYE sip:a SIP/2.0\r\n${via}${i}\r\n${tail}CSeq: 1 BYE\r\n\r\n`),
      Buffer.from(`ACK sip:a SIP/2.0\r\n${via}${i}\r\n${tail}CSeq: 1 ACK\r\n\r\n`),
      Buffer.from(`SIP/2.0 200 OK\r\n${via}${i}\r\n${tail}CSeq: 1 INVITE\r\n\r\n`),
      Buffer.from(`INVITE sip:a SIP/2.0\r\n${via}${i}\r\n${tail}CSeq: 99999999999 INVITE\r\n\r\n`),
    ]
    for (const message of messages) stranger.send(message, phone.port, '127.0.0.1')
  }
  await new Promise<void>((resolve) => stranger.send('end', phone.port, '127.0.0.1', () => resolve()))
  stranger.close()
  await once(stranger, 'close')
  const caller = await openPhone({})
  const call = await caller.placeCall({ to: `127.0.0.1:${phone.port}`, user: '1', script: { steps: [{ pause: 60 }] } })
  expect(await call.ended).toMatchObject({ outcome: 'completed' })
})

test('fifty calls at once on one port keep their pace', { timeout: 30_000 }, async () => {
  const phone = await openPhone({ script: { ...talk, steps: [{ say: { clip: 'cards-001.wav' } }] } })
  const caller = await openPhone({})
  const placed = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      caller.placeCall({ to: `127.0.0.1:${phone.port}`, user: String(i), script: { steps: [{ pause: '2s' }] } }),
    ),
  )
  const reports = await Promise.all(placed.map((call) => call.ended))
  for (const report of reports) {
    expect(report.outcome).toBe('completed')
    expect(report.heard).toHaveLength(1)
    expect(report.packetsIn).toBeGreaterThan(90)
  }
})

test('closing the phone ends its calls and frees the port', async () => {
  const phone = await openPhone({ script: talk })
  const caller = await openPhone({})
  const call = await caller.placeCall({
    to: `127.0.0.1:${phone.port}`,
    user: '1',
    script: { steps: [{ pause: '5s' }] },
  })
  const taken = await phone.nextCall(2000)
  await phone.close()
  expect(await taken.ended).toMatchObject({ outcome: 'failed', detail: 'the phone was closed' })
  await openPhone({ port: phone.port })
  await caller.close()
  expect(await call.ended).toMatchObject({ outcome: 'failed' })
})
