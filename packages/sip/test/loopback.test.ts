import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type IncomingInvite, type LegEvent, legId } from '@parley/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { SipSignalling } from '../src/index.ts'
import { exchange } from './support/raw-tcp.ts'
import { dialRequest, LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'

const open: SipSignalling[] = []
const keep = (signalling: SipSignalling) => {
  open.push(signalling)
  return signalling
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((signalling) => signalling[Symbol.asyncDispose]()))
})

/** A callee that answers and a caller with a trunk to it. */
async function pair(transport: 'udp' | 'tcp') {
  const invites: IncomingInvite[] = []
  const callee = keep(
    await openSignalling([trunkTo(1, { numbers: ['13012345678'] })], async (invite) => {
      invites.push(invite)
      return { kind: 'answer', sdp: sdpOf(50_000) }
    }),
  )
  const caller = keep(await openSignalling([trunkTo(callee.localPort, {}, transport)]))
  return { caller, callee, invites }
}

describe.each(['udp', 'tcp'] as const)('two gateways over %s', (transport) => {
  test('a call is answered with the description of the other side and ended by the caller', async () => {
    const { caller, callee, invites } = await pair(transport)
    const request = dialRequest()
    const leg = new LegReader(caller.dial(request, new AbortController().signal))
    const answered = await leg.until('answered')
    expect(answered.sdp).toBe(sdpOf(50_000))
    expect(leg.types).toEqual(['ringing', 'answered'])
    expect(invites[0]).toMatchObject({ trunk: 'carrier', callee: '13012345678', sdp: request.sdp })
    const remote = new LegReader(callee.events(invites[0]?.leg ?? legId('')))
    await caller.command(request.leg, { type: 'hangup' })
    expect((await leg.end()).at(-1)).toEqual({ type: 'bye' })
    expect((await remote.end()).at(-1)?.type).toBe('bye')
    expect([caller.liveLegs, callee.liveLegs]).toEqual([0, 0])
  })

  test('the callee hangs up', async () => {
    const { caller, callee, invites } = await pair(transport)
    const leg = new LegReader(caller.dial(dialRequest(), new AbortController().signal))
    await leg.until('answered')
    await callee.command(invites[0]?.leg ?? legId(''), { type: 'hangup' })
    expect((await leg.end()).at(-1)).toEqual({ type: 'bye' })
  })

  test('closing hangs up what is left', async () => {
    const { caller, callee, invites } = await pair(transport)
    const leg = new LegReader(caller.dial(dialRequest(), new AbortController().signal))
    await leg.until('answered')
    const remote = new LegReader(callee.events(invites[0]?.leg ?? legId('')))
    const startedAtMs = performance.now()
    await caller[Symbol.asyncDispose]()
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
    expect((await remote.end()).at(-1)).toMatchObject({ type: 'bye' } satisfies LegEvent)
  })
})

test('a TCP gateway that refuses the connection is passed over at once', async () => {
  const { callee } = await pair('tcp')
  const gateways = [1, callee.localPort].map((port) => ({ host: '127.0.0.1', port, transport: 'tcp' as const }))
  const caller = keep(await openSignalling([trunkTo(1, { gateways })]))
  const startedAtMs = performance.now()
  await new LegReader(caller.dial(dialRequest(), new AbortController().signal)).until('answered')
  expect(performance.now() - startedAtMs).toBeLessThan(2_000)
})

test('dialling an unknown trunk or with an aborted signal ends at once', async () => {
  const { caller } = await pair('udp')
  const unknown = new LegReader(caller.dial(dialRequest({ trunk: 'other' }), new AbortController().signal))
  expect(await unknown.end()).toMatchObject([{ type: 'failed', cause: 'protocol' }])
  const aborted = new LegReader(caller.dial(dialRequest(), AbortSignal.abort()))
  expect(await aborted.end()).toMatchObject([{ type: 'rejected', status: 487 }])
  expect(caller.liveLegs).toBe(0)
})

test('a handler that throws is a 500 and leaves no leg behind', async () => {
  const callee = keep(
    await openSignalling([trunkTo(1, { numbers: ['13012345678'] })], async () => {
      throw new Error('broken')
    }),
  )
  const caller = keep(await openSignalling([trunkTo(callee.localPort)]))
  const leg = new LegReader(caller.dial(dialRequest(), new AbortController().signal))
  expect((await leg.end()).at(-1)).toMatchObject({ type: 'rejected', status: 500 })
  expect(callee.liveLegs).toBe(0)
})

test('closing while a callee rings cancels the call and still takes less than two seconds', async () => {
  const { promise: offered, resolve } = Promise.withResolvers<AbortSignal>()
  const callee = keep(
    await openSignalling([trunkTo(1, { numbers: ['13012345678'] })], (_invite, signal) => {
      resolve(signal)
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }),
  )
  const caller = keep(await openSignalling([trunkTo(callee.localPort)]))
  const leg = new LegReader(caller.dial(dialRequest(), new AbortController().signal))
  await leg.until('ringing')
  const signal = await offered
  const startedAtMs = performance.now()
  await caller[Symbol.asyncDispose]()
  expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  expect(signal.aborted).toBe(true)
  expect((await leg.end()).at(-1)).toMatchObject({ type: 'rejected', status: 487 })
})

test('after closing nothing can be dialled and nothing throws', async () => {
  const { caller } = await pair('udp')
  await caller[Symbol.asyncDispose]()
  const leg = new LegReader(caller.dial(dialRequest(), new AbortController().signal))
  expect(await leg.end()).toMatchObject([{ type: 'failed', cause: 'transport' }])
  await caller[Symbol.asyncDispose]()
})

test('a CRLF keepalive on TCP is answered, a request after it as well', async () => {
  const { callee } = await pair('tcp')
  const options = [
    'OPTIONS sip:x@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK-raw',
    'From: <sip:y@127.0.0.1>;tag=1',
    'To: <sip:x@127.0.0.1>',
    'Call-ID: raw',
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
  ]
  const sent = `\r\n\r\n${options.join('\r\n')}\r\n\r\n`
  const text = await exchange(callee.localPort, sent, (reply) => reply.endsWith('\r\n\r\n'))
  expect(text.startsWith('\r\nSIP/2.0 200 OK\r\n')).toBe(true)
})

test('a stranger on TCP is disconnected without a word', async () => {
  const gateways = [{ host: '192.0.2.1', port: 5060, transport: 'tcp' as const }]
  const signalling = keep(await openSignalling([trunkTo(1, { gateways })]))
  const startedAtMs = performance.now()
  expect(await exchange(signalling.localPort, '\r\n\r\n', () => true)).toBe('')
  expect(performance.now() - startedAtMs).toBeLessThan(2_000)
})

test('a gateway that was silent is tried last by the next call', async () => {
  const { callee } = await pair('udp')
  const silent = createSocket('udp4')
  silent.bind(0, '127.0.0.1')
  await once(silent, 'listening')
  const gateways = [silent.address().port, callee.localPort].map((port) => ({
    host: '127.0.0.1',
    port,
    transport: 'udp' as const,
  }))
  const caller = keep(await openSignalling([trunkTo(1, { gateways })]))
  await new LegReader(caller.dial(dialRequest(), new AbortController().signal)).until('answered')
  const startedAtMs = performance.now()
  await new LegReader(caller.dial(dialRequest(), new AbortController().signal)).until('answered')
  expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  silent.close()
})

test('a leg whose caller gave up can still be read afterwards', async () => {
  const { promise: over, resolve } = Promise.withResolvers<IncomingInvite>()
  const callee = keep(
    await openSignalling([trunkTo(1, { numbers: ['13012345678'] })], (invite, signal) => {
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          resolve(invite)
          reject(signal.reason)
        }),
      )
    }),
  )
  const caller = keep(await openSignalling([trunkTo(callee.localPort)]))
  const abort = new AbortController()
  const leg = new LegReader(caller.dial(dialRequest(), abort.signal))
  await leg.until('ringing')
  abort.abort(new Error('enough'))
  const invite = await over
  await leg.end()
  expect(await new LegReader(callee.events(invite.leg)).end()).toEqual([{ type: 'bye' }])
  expect(await new LegReader(callee.events(invite.leg)).end()).toEqual([])
})
