import { expect, test } from 'vitest'
import { callBetween, labels, openPhone } from './phone-pair.ts'

const brief = { steps: [{ pause: 60 }] }

test('a busy phone answers 486', async () => {
  const { caller, callee } = await callBetween({ script: { busy: true } }, { script: brief })
  expect(caller).toMatchObject({ outcome: 'rejected', status: 486, endedBy: 'peer', packetsOut: 0 })
  expect(callee).toMatchObject({ outcome: 'rejected', status: 486, endedBy: 'phone', problems: [] })
  expect(labels(callee).at(-1)).toBe('received ACK')
})

test('a declined call rings first and ends with the status of the script', async () => {
  const { caller } = await callBetween({ script: { reject: { status: 603, after: 150 } } }, { script: brief })
  expect(caller).toMatchObject({ outcome: 'rejected', status: 603 })
  expect(labels(caller)).toEqual([
    'sent INVITE',
    'received INVITE-100',
    'received INVITE-180',
    'received INVITE-603',
    'sent ACK',
  ])
  expect((caller.endedAtNs - caller.startedAtNs) / 1e6).toBeGreaterThan(150)
})

test('a call that nobody answers is cancelled and ends with 487', async () => {
  const { caller, callee } = await callBetween({ script: { never: true } }, { script: { cancel: { after: 200 } } })
  expect(caller).toMatchObject({ outcome: 'cancelled', status: 487, endedBy: 'phone' })
  expect(callee).toMatchObject({ outcome: 'cancelled', status: 487, endedBy: 'peer', problems: [] })
  expect(labels(caller)).toContain('received CANCEL-200')
})

test('a trying-only phone never rings', async () => {
  const { caller } = await callBetween({ script: { 'trying-only': true } }, { script: { cancel: { after: 100 } } })
  expect(labels(caller)).not.toContain('received INVITE-180')
  expect(caller.outcome).toBe('cancelled')
})

test('a silent phone sends nothing, so the INVITE is repeated', async () => {
  const { caller, callee } = await callBetween({ script: { silent: true } }, { script: { cancel: { after: 800 } } })
  expect(labels(callee).filter((label) => label === 'received INVITE').length).toBeGreaterThan(1)
  expect(labels(callee).filter((label) => label.startsWith('sent'))).toEqual([])
  expect(caller.outcome).toBe('cancelled')
})

test('a phone without a common codec answers 488', async () => {
  const { caller } = await callBetween({ script: { answer: {}, codec: 'none' } }, { script: brief })
  expect(caller).toMatchObject({ outcome: 'rejected', status: 488 })
})

test('the law of the script is spoken', async () => {
  const { callee } = await callBetween({ script: { answer: {}, codec: 'pcmu', ends: 'peer' } }, { script: brief })
  expect(callee.packetsIn).toBeGreaterThan(0)
  expect(callee.sipLog.find(({ label }) => label === 'INVITE-200')?.text).toContain('RTP/AVP 0 101')
})

test.each(['MD5', 'SHA-256'] as const)('a call is let in with the right %s password only', async (algorithm) => {
  const digest = { username: 'trunk', password: 'right', realm: 'parley', algorithm }
  const phone = await openPhone({ script: { answer: {}, ends: 'peer' }, digest })
  const caller = await openPhone({})
  const to = `127.0.0.1:${phone.port}`
  const good = await caller.placeCall({
    to,
    user: '1',
    script: brief,
    digest: { username: 'trunk', password: 'right' },
  })
  const report = await good.ended
  expect(report.outcome).toBe('completed')
  expect(labels(report)).toContain('received INVITE-401')
  expect(JSON.stringify(report.sipLog)).not.toContain('response=')
  const bad = await caller.placeCall({ to, user: '1', script: brief, digest: { username: 'trunk', password: 'wrong' } })
  expect(await bad.ended).toMatchObject({ outcome: 'rejected', status: 401 })
})

test('a phone that challenges forever never answers', async () => {
  const { callee, caller } = await callBetween(
    { script: { answer: {}, 'challenge-forever': true } },
    { script: brief, digest: { username: 'a', password: 'b' } },
  )
  expect(caller).toMatchObject({ outcome: 'rejected', status: 401 })
  expect(callee).toMatchObject({ outcome: 'rejected', status: 401 })
  expect(labels(callee).filter((label) => label === 'received INVITE')).toHaveLength(2)
})

test('a reliable ringing is acknowledged before the answer', async () => {
  const { callee, caller } = await callBetween(
    { script: { answer: { after: 100, early: true }, reliable: true, ends: 'peer' } },
    { script: { ...brief, reliable: true } },
  )
  const order = labels(callee)
  expect(order.indexOf('received PRACK')).toBeGreaterThan(order.indexOf('sent INVITE-183'))
  expect(order.indexOf('received PRACK')).toBeLessThan(order.indexOf('sent INVITE-200'))
  expect(caller.outcome).toBe('completed')
})

test('hold stops the sound of the other side and its end brings it back', async () => {
  const { callee, caller } = await callBetween(
    { script: { answer: {}, ends: 'peer' } },
    { script: { steps: [{ pause: 100 }, { hold: { for: '400ms', mode: 'inactive' } }, { pause: 200 }] } },
  )
  expect(caller).toMatchObject({ outcome: 'completed', problems: [] })
  const reoffers = callee.events.filter(({ type }) => type === 'reoffered').map(({ direction }) => direction)
  expect(reoffers).toEqual(['inactive', 'sendrecv'])
  const lengthMs = (caller.endedAtNs - (caller.answeredAtNs ?? 0)) / 1e6
  expect(caller.packetsIn).toBeLessThan((lengthMs - 300) / 20)
  expect(caller.packetsIn).toBeGreaterThan(10)
})
