import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SipSignalling, TrunkConfig } from '../src/index.ts'
import { clockAtRate } from './support/real-clock.ts'
import { dialRequest, LegReader, openSignalling, sdpOf, trunkTo } from './support/signalling-pair.ts'
import { killSipp, type Sipp, sippAvailable, startSipp } from './support/sipp.ts'

const open: SipSignalling[] = []
const withPassword: Partial<TrunkConfig> = { auth: { kind: 'digest', username: 'alice', password: 'secret' } }

/** Dials sipp playing `scenario`. */
async function call(scenario: string, more: Partial<TrunkConfig> = {}, args: readonly string[] = [], status?: string) {
  const tcp = args.includes('t1')
  const sipp = await startSipp(scenario, args, undefined, status)
  const signalling = await openSignalling([trunkTo(sipp.port, more, tcp ? 'tcp' : 'udp')])
  open.push(signalling)
  const request = dialRequest()
  const abort = new AbortController()
  const leg = new LegReader(signalling.dial(request, abort.signal))
  const hangup = () => signalling.command(request.leg, { type: 'hangup' })
  return { sipp, signalling, request, leg, abort, hangup }
}

const succeeds = async (sipp: Sipp) => expect(await sipp.exit).toMatchObject({ code: 0 })

beforeAll(() => {
  if (!sippAvailable) console.warn('sipp is not installed: interoperability tests are skipped')
})
afterAll(async () => {
  await Promise.all(open.map((signalling) => signalling[Symbol.asyncDispose]()))
  await killSipp()
})

describe.skipIf(!sippAvailable).concurrent('sipp as callee', () => {
  test.for(['udp', 'tcp'] as const)('a plain call over %s is answered and ended by us', async (transport) => {
    const { sipp, leg, hangup } = await call('uas-plain', {}, transport === 'tcp' ? ['-t', 't1'] : [])
    expect((await leg.until('answered')).sdp).toContain('m=audio 6000')
    await hangup()
    expect(await leg.end()).toMatchObject([{ type: 'ringing', status: 180 }, { type: 'answered' }, { type: 'bye' }])
    await succeeds(sipp)
  })

  test.for(['uas-401', 'uas-407'])('%s is answered with credentials', async (scenario) => {
    const { sipp, leg, hangup } = await call(scenario, withPassword)
    await leg.until('answered')
    await hangup()
    await succeeds(sipp)
  })

  test('endless challenges end as an authentication failure', async () => {
    const { leg } = await call('uas-endless-407', withPassword)
    expect(await leg.end()).toMatchObject([{ type: 'failed', cause: 'auth' }])
  })

  test('a reliable 183 gets its PRACK', async () => {
    const { sipp, leg, hangup } = await call('uas-100rel')
    expect((await leg.until('ringing')).sdp).toContain('m=audio')
    await leg.until('answered')
    await hangup()
    await succeeds(sipp)
  })

  test('early media is reported and the answer has its own description', async () => {
    const { sipp, leg, hangup } = await call('uas-early-media')
    expect(await leg.until('ringing')).toMatchObject({ status: 183, sdp: expect.stringContaining('m=audio 6002') })
    expect((await leg.until('answered')).sdp).toContain('m=audio 6000')
    await hangup()
    await succeeds(sipp)
  })

  test.for([
    ['uas-hold', 'a=sendonly'],
    ['uas-offerless-reinvite', undefined],
  ] as const)('%s becomes a reoffer', async ([scenario, line], { expect }) => {
    const { sipp, leg, signalling, request, hangup } = await call(scenario)
    const reoffer = await leg.until('reoffer')
    if (line) expect(reoffer.sdp).toContain(line)
    else expect(reoffer.sdp).toBeUndefined()
    await signalling.command(request.leg, { type: 'reanswer', id: reoffer.id, sdp: sdpOf(40_002) })
    // The answer to the offer we made comes with the ACK.
    if (!line)
      await expect.poll(() => leg.types.filter((type) => type === 'answered').length, { timeout: 5_000 }).toBe(2)
    await hangup()
    await succeeds(sipp)
  })

  test.for(['udp', 'tcp'] as const)(
    'over %s our re-INVITE, key and transfer are taken and reported',
    async (transport, { expect }) => {
      const { sipp, leg, signalling, request, hangup } = await call(
        'uas-reoffer-refer',
        {},
        transport === 'tcp' ? ['-t', 't1'] : [],
      )
      await leg.until('answered')
      await signalling.command(request.leg, { type: 'reoffer', id: 3, sdp: sdpOf(40_002) })
      expect(await leg.until('reoffer.answered')).toMatchObject({ id: 3, sdp: expect.stringContaining('m=audio 6004') })
      await signalling.command(request.leg, { type: 'dtmf', key: '5', durationMs: 100 })
      // sipp takes no request that comes with another one in the same piece of a TCP stream.
      const isAnswered = () =>
        (signalling.takeMessages?.(request.leg, false) ?? []).some(
          ({ sent, text }) => !sent && /^CSeq: \d+ INFO/m.test(text),
        )
      await expect.poll(isAnswered, { timeout: 5_000 }).toBe(true)
      await signalling.command(request.leg, { type: 'refer', uri: 'sip:bob@example.test' })
      const statuses = () => leg.seen.flatMap((event) => (event.type === 'transfer' ? [event.status] : []))
      await expect.poll(statuses, { timeout: 5_000 }).toEqual([100, 200])
      await hangup()
      await succeeds(sipp)
    },
  )

  test('a refused reoffer leaves the call as it was', async () => {
    const { sipp, leg, signalling, request, hangup } = await call('uas-refused-hold')
    const reoffer = await leg.until('reoffer')
    await signalling.command(request.leg, { type: 'refuse', id: reoffer.id, status: 488 })
    // sipp needs its 488 before it takes the BYE; our BYE follows it on the same socket.
    await hangup()
    expect((await leg.end()).at(-1)).toEqual({ type: 'bye' })
    await succeeds(sipp)
  })

  test.for([
    [486, '486 Busy Here'],
    [488, '488 Not Acceptable Here'],
    [603, '603 Decline'],
    [404, '404 Not Found'],
    [302, '302 Moved Temporarily'],
    [503, '503 Service Unavailable'],
  ] as const)('%i is a rejection', async ([status, line]) => {
    const { sipp, leg } = await call('uas-reject', {}, [], line)
    expect(await leg.end()).toMatchObject([{ type: 'rejected', status, reason: line.slice(4), q850: 17 }])
    await succeeds(sipp)
  })

  test.for(['503 Service Unavailable', '500 Server Internal Error'])(
    '%s moves on to the next gateway',
    async (line) => {
      const second = await startSipp('uas-plain')
      const first = await startSipp('uas-reject', [], undefined, line)
      const gateways = [first, second].map(({ port }) => ({ host: '127.0.0.1', port, transport: 'udp' as const }))
      const signalling = await openSignalling([trunkTo(1, { gateways })])
      open.push(signalling)
      const request = dialRequest()
      const leg = new LegReader(signalling.dial(request, new AbortController().signal))
      await leg.until('answered')
      await signalling.command(request.leg, { type: 'hangup' })
      await succeeds(first)
      await succeeds(second)
    },
  )

  test('302 is followed where that is allowed, by the phone it names', async () => {
    const second = await startSipp('uas-plain')
    const redirects = { allowedHosts: ['127.0.0.1'] }
    const { sipp, leg, hangup } = await call('uas-302', { redirects }, ['-key', 'target', `127.0.0.1:${second.port}`])
    await leg.until('answered')
    await hangup()
    await succeeds(sipp)
    await succeeds(second)
  })

  test('after 422 the call is made again with the interval asked for, which we keep up by UPDATE', async () => {
    const sessionTimer = { mode: 'supported', expiresS: 90, minS: 90 } as const
    const sipp = await startSipp('uas-session-timer')
    // The time until our refresh takes four seconds. sipp may be slow to begin on a busy machine.
    const trunk = trunkTo(sipp.port, { sessionTimer, failover: { firstResponseMs: 32_000 } })
    const signalling = await openSignalling([trunk], undefined, { clock: clockAtRate(12) })
    open.push(signalling)
    const leg = new LegReader(signalling.dial(dialRequest(), new AbortController().signal))
    expect((await leg.end()).at(-1)).toMatchObject({ type: 'bye' })
    await succeeds(sipp)
  })

  test('a gateway that never answers is given up after four seconds', async () => {
    const startedAtMs = performance.now()
    const { leg } = await call('uas-silent')
    expect(await leg.end()).toMatchObject([{ type: 'failed', cause: 'timeout' }])
    expect(performance.now() - startedAtMs).toBeGreaterThan(3_900)
    expect(performance.now() - startedAtMs).toBeLessThan(6_500)
  })

  test('aborting while it rings sends CANCEL', async () => {
    const { sipp, leg, abort } = await call('uas-ringing-forever')
    await leg.until('ringing')
    abort.abort(new Error('enough'))
    expect((await leg.end()).at(-1)).toMatchObject({ type: 'rejected', status: 487 })
    await succeeds(sipp)
  })

  test('a 200 that crosses CANCEL gets ACK and BYE', async () => {
    const { sipp, leg, hangup } = await call('uas-cancel-crossing')
    await leg.until('ringing')
    await hangup()
    expect((await leg.end()).at(-1)).toMatchObject({ type: 'rejected', status: 487 })
    await succeeds(sipp)
  })

  test('a BYE of the callee ends the leg with its cause', async () => {
    const { sipp, leg } = await call('uas-bye')
    expect((await leg.end()).at(-1)).toEqual({ type: 'bye', q850: 16 })
    await succeeds(sipp)
  })
})
