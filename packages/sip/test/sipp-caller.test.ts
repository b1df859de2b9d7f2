import type { IncomingInvite, InviteHandler } from '@parley/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SipSignalling, TrunkConfig } from '../src/index.ts'
import { LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'
import { killSipp, type Sipp, sippAvailable, startSipp } from './support/sipp.ts'

const open: SipSignalling[] = []
const number = '+8675512345678'

interface Offered {
  readonly invite: IncomingInvite
  readonly leg: LegReader
  readonly signal: AbortSignal
}

const answers: InviteHandler = async () => ({ kind: 'answer', sdp: sdpOf(50_000) })

/** A gateway that takes calls; `offered` resolves with the first one. */
async function listen(decide: InviteHandler = answers, more: Partial<TrunkConfig> = {}) {
  const { promise: offered, resolve } = Promise.withResolvers<Offered>()
  const signalling = await openSignalling([trunkTo(1, more)], (invite, signal) => {
    resolve({ invite, signal, leg: new LegReader(signalling.events(invite.leg)) })
    return decide(invite, signal)
  })
  open.push(signalling)
  const dial = (scenario: string, args: readonly string[] = [], called = number) =>
    startSipp(scenario, ['-s', called, ...args], `127.0.0.1:${signalling.localPort}`)
  return { signalling, offered, dial }
}

const succeeds = async (sipp: Sipp) => expect(await sipp.exit).toMatchObject({ code: 0 })

beforeAll(() => {
  if (!sippAvailable) console.warn('sipp is not installed: interoperability tests are skipped')
})
afterAll(async () => {
  await Promise.all(open.map((signalling) => signalling[Symbol.asyncDispose]()))
  await killSipp()
})

describe.skipIf(!sippAvailable).concurrent('sipp as caller', () => {
  test.for(['udp', 'tcp'] as const)(
    'a plain call over %s is offered, answered and ended by the caller',
    async (transport) => {
      const { offered, dial } = await listen()
      const sipp = await dial('uac-plain', transport === 'tcp' ? ['-t', 't1'] : [])
      const { invite, leg } = await offered
      expect(invite).toMatchObject({ trunk: 'carrier', caller: '13900000000', callee: number })
      expect(invite.sdp).toContain('m=audio 6000')
      expect(await leg.end()).toEqual([{ type: 'bye' }])
      await succeeds(sipp)
    },
  )

  test('a caller that is challenged gets through with credentials computed by sipp', async () => {
    const inboundAuth = { username: 'carrier', password: 'secret', algorithm: 'MD5' } as const
    const { offered, dial } = await listen(answers, { inboundAuth })
    const sipp = await dial('uac-auth')
    expect(await (await offered).leg.end()).toEqual([{ type: 'bye' }])
    await succeeds(sipp)
  })

  test('an offerless call is answered with an offer and its answer is reported', async () => {
    const { offered, dial } = await listen()
    const sipp = await dial('uac-offerless')
    const { invite, leg } = await offered
    expect(invite.sdp).toBeUndefined()
    expect(await leg.end()).toMatchObject([{ type: 'answered', sdp: expect.stringContaining('6000') }, { type: 'bye' }])
    await succeeds(sipp)
  })

  test('a caller that requires 100rel gets a reliable 180', async () => {
    const gate = Promise.withResolvers<void>()
    const { dial, offered } = await listen(async (...args) => {
      await gate.promise
      return answers(...args)
    })
    const sipp = await dial('uac-100rel')
    await offered
    setTimeout(gate.resolve, 150)
    await succeeds(sipp)
  })

  test('CANCEL aborts the pending decision and ends the INVITE with 487', async () => {
    const { dial, offered } = await listen((_invite, signal) => {
      const { promise, reject } = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => reject(signal.reason))
      return promise
    })
    const sipp = await dial('uac-cancel')
    const { leg, signal } = await offered
    expect(await leg.end()).toEqual([{ type: 'bye' }])
    expect(signal.aborted).toBe(true)
    await succeeds(sipp)
  })

  test('hold by re-INVITE and what ends it become reoffers', async ({ expect }) => {
    const { dial, offered, signalling } = await listen()
    const sipp = await dial('uac-hold')
    const { leg, invite } = await offered
    const reoffers = () => leg.seen.filter((event) => event.type === 'reoffer')
    for (const [index, line] of ['a=sendonly', 'a=sendrecv'].entries()) {
      await expect.poll(() => reoffers().length, { timeout: 5_000 }).toBe(index + 1)
      const reoffer = reoffers()[index]
      expect(reoffer?.sdp).toContain(line)
      await signalling.command(invite.leg, { type: 'reanswer', id: reoffer?.id ?? -1, sdp: sdpOf(50_000) })
    }
    await leg.end()
    await succeeds(sipp)
  })

  test('a session timer below our least is refused with 422, the one asked for next is granted and refreshed', async () => {
    const { dial, offered } = await listen()
    const sipp = await dial('uac-session-timer')
    expect(await (await offered).leg.end()).toEqual([{ type: 'bye' }])
    await succeeds(sipp)
  })

  test('we hang up on the caller', async () => {
    const { dial, offered, signalling } = await listen()
    const sipp = await dial('uac-wait-for-bye')
    const { leg, invite } = await offered
    // At once: the BYE has to wait for the ACK by itself.
    await new Promise((resolve) => setImmediate(resolve))
    await signalling.command(invite.leg, { type: 'hangup' })
    expect((await leg.end()).at(-1)).toEqual({ type: 'bye' })
    await succeeds(sipp)
  })

  test('INFO, UPDATE, OPTIONS, REFER and an unknown method are answered inside the dialog', async () => {
    const { dial, offered } = await listen()
    const sipp = await dial('uac-in-dialog')
    const { leg } = await offered
    expect(await leg.end()).toEqual([{ type: 'dtmf', key: '5' }, { type: 'bye' }])
    await succeeds(sipp)
  })

  test('OPTIONS is answered', async () => {
    const { dial } = await listen()
    await succeeds(await dial('uac-options'))
  })

  test('a number of nobody is 404', async () => {
    const { dial } = await listen()
    await succeeds(await dial('uac-expects-404', [], '4711'))
  })

  test('a refusal is passed on', async () => {
    const { dial } = await listen(async () => ({ kind: 'reject', status: 486, reason: 'Busy Here' }))
    await succeeds(await dial('uac-expects-486'))
  })

  test('a draining gateway answers 503', async () => {
    const { dial, signalling } = await listen()
    signalling.drain()
    await succeeds(await dial('uac-expects-503'))
  })
})
