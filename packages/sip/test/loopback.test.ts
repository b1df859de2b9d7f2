import { type IncomingInvite, type LegEvent, legId } from '@parley/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { SipSignalling } from '../src/index.ts'
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
