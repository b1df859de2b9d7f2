import { Secret, type TrunkSnapshot, VoiceError } from '@parley/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { eventually } from './support/real-time.ts'
import { event, newCall, openTestStore, stranger, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const settings = {
  gateways: [{ host: 'sip.example' }],
  auth: { kind: 'digest', username: 'alice', password: new Secret('very-secret') },
  limits: { maxConcurrent: 5, maxCps: 100 },
}
const plain = { inbound: true, outbound: true }
const number = { number: '+49301', settings: plain }

describe.each(serverVersions)('trunks of run time on %s', (version) => {
  let url: string
  let store: Store
  let stop: AbortController
  let running: Promise<unknown>[]

  beforeEach(async () => {
    url = await createTestDatabase(version)
    store = await openTestStore(url)
    stop = new AbortController()
    running = []
    await store.configure({
      applications: [],
      trunks: [trunk('file', 50, 1_000, { numbers: ['+49309'], settings: { gateways: ['g'] } })],
    })
  })
  afterEach(async () => {
    stop.abort()
    await Promise.all(running)
    await store[Symbol.asyncDispose]()
  })

  /** The trunk of the tenant, with a number. */
  async function made(owner = tenant, name = 'carrier') {
    const created = await store.trunks.createTrunk(owner, name, settings)
    if (created.kind !== 'done') throw new Error(created.kind)
    const numbers = await store.trunks.createNumbers(owner, created.value.trunkId, [number])
    if (numbers.kind !== 'done' || !numbers.value[0]) throw new Error(numbers.kind)
    return { trunkId: created.value.trunkId, numberId: numbers.value[0].numberId }
  }

  test('a trunk is shown without its secrets, which lie encrypted and open for nobody else', async () => {
    const { trunkId } = await made()
    const shown = await store.trunks.findTrunk([tenant], trunkId)
    expect(shown).toMatchObject({ name: `${tenant}/carrier`, isDeclared: false, isEnabled: true, callsNow: 0 })
    expect(shown?.settings).toEqual({ ...settings, auth: { kind: 'digest', username: 'alice' } })
    const [row] = await ask<{ text: string }>(
      url,
      'select settings::text || encode(sealed, $1) as text from trunks where not declared',
      ['escape'],
    )
    expect(row?.text).not.toContain('very-secret')
    const opened = (await store.trunks.trunkSettings([tenant], trunkId)) as typeof settings
    expect(opened.auth.password.reveal()).toBe('very-secret')
    await ask(url, 'update trunks set application_ids = $1 where not declared', [[stranger]])
    await expect(store.trunks.trunkSettings([stranger], trunkId)).rejects.toThrow('do not open')
  })

  test("what is another application's is not there, and its names are free", async () => {
    const { trunkId, numberId } = await made()
    const { trunks } = store
    const absent = { kind: 'missing' }
    expect(await trunks.findTrunk([stranger], trunkId)).toBeUndefined()
    expect(await trunks.trunkSettings([stranger], trunkId)).toBeUndefined()
    expect(await trunks.replaceTrunk([stranger], trunkId, '*', settings)).toEqual(absent)
    expect(await trunks.enableTrunk([stranger], trunkId, false)).toEqual(absent)
    expect(await trunks.removeTrunk([stranger], trunkId, '*')).toEqual(absent)
    expect(await trunks.createNumbers(stranger, trunkId, [number])).toEqual(absent)
    expect(await trunks.findNumber([stranger], numberId)).toBeUndefined()
    expect(await trunks.replaceNumber([stranger], numberId, '*', plain)).toEqual(absent)
    expect(await trunks.removeNumber([stranger], numberId, '*')).toEqual(absent)
    expect(await trunks.enableNumbers([stranger], [number.number], false)).toEqual([number.number])
    expect(await trunks.bindSkillGroups(stranger, number.number, [1], true)).toBe(false)
    expect(await trunks.bindCallIn(stranger, number.number, 'https://stranger.test')).toBe(false)
    const names = async (owner: typeof tenant) =>
      (await trunks.listTrunks({ applicationIds: [owner], limit: 10 })).map(({ name }) => name)
    expect(await names(stranger)).toEqual(['file'])
    await made(stranger)
    expect(await names(stranger)).toEqual(['file', `${stranger}/carrier`])
    expect(await store.intake.create(newCall({ applicationId: stranger, callers: ['+49301'], acquireMs: 0 }))).toEqual({
      kind: 'refused',
      reason: 'noCapacity',
    })
  })

  test('what the file declares is shown and not changed; a shared trunk shows nothing of itself', async () => {
    const [declared] = await store.trunks.listTrunks({ applicationIds: [tenant], limit: 10 })
    expect(declared).toMatchObject({ name: 'file', isDeclared: true, settings: {} })
    const trunkId = declared?.trunkId ?? 0
    expect(await store.trunks.replaceTrunk([tenant], trunkId, '*', settings)).toEqual({ kind: 'declared' })
    expect(await store.trunks.createNumbers(tenant, trunkId, [number])).toEqual({ kind: 'declared' })
    await store.configure({
      applications: [],
      trunks: [trunk('file', 50, 1_000, { applicationIds: [tenant], settings: { gateways: ['g'] } })],
    })
    expect((await store.trunks.findTrunk([tenant], trunkId))?.settings).toEqual({ gateways: ['g'] })
    // A start with a file does not touch what is not in it.
    const { trunkId: own } = await made()
    await store.configure({ applications: [], trunks: [] })
    expect((await store.trunks.listTrunks({ applicationIds: [tenant], limit: 10 })).map((one) => one.trunkId)).toEqual([
      own,
    ])
  })

  test('versions rise, and a change that expected another one is refused', async () => {
    const { trunkId, numberId } = await made()
    const { version } = (await store.trunks.findTrunk([tenant], trunkId)) ?? { version: 0 }
    expect(await store.trunks.replaceTrunk([tenant], trunkId, version - 1, settings)).toEqual({ kind: 'changed' })
    expect(await store.trunks.replaceTrunk([tenant], trunkId, version, settings)).toMatchObject({
      kind: 'done',
      value: { version: version + 1 },
    })
    expect(await store.trunks.replaceNumber([tenant], numberId, 7, plain)).toEqual({ kind: 'changed' })
    expect(await store.trunks.createTrunk(tenant, 'carrier', settings)).toEqual({ kind: 'exists' })
    const same = { ...number, number: '0049 301' }
    expect(await store.trunks.createNumbers(tenant, trunkId, [same])).toEqual({ kind: 'exists' })
  })

  test('what is in use is not removed; a trunk that is switched off takes no call', async () => {
    const { trunkId, numberId } = await made()
    const place = async () => {}
    running.push(store.dispatch({ owner: 'engine', control: { place }, signal: stop.signal }))
    const dial = () => store.intake.create(newCall({ callers: ['+49301'], acquireMs: 0 }))
    expect(await dial()).toEqual({ kind: 'accepted' })
    expect(await store.trunks.findTrunk([tenant], trunkId)).toMatchObject({ callsNow: 1 })
    expect(await store.trunks.removeTrunk([tenant], trunkId, '*')).toEqual({ kind: 'inUse', by: '1 numbers' })
    expect(await store.trunks.removeNumber([tenant], numberId, '*')).toEqual({ kind: 'inUse', by: '1 calls' })
    await store.trunks.enableTrunk([tenant], trunkId, false)
    expect(await dial()).toEqual({ kind: 'refused', reason: 'noNumber' })
    await ask(url, "update calls set stage = 'refused'")
    expect(await store.trunks.removeNumber([tenant], numberId, '*')).toMatchObject({ kind: 'done' })
    expect(await store.trunks.removeTrunk([tenant], trunkId, '*')).toMatchObject({ kind: 'done' })
    expect(await store.trunks.findTrunk([tenant], trunkId)).toBeUndefined()
  })

  test('the leg to a human of a call on another trunk keeps its trunk and number from being removed', async () => {
    const { trunkId, numberId } = await made()
    running.push(store.dispatch({ owner: 'engine', control: { place: async () => {} }, signal: stop.signal }))
    const call = newCall({ callers: ['+49309'], acquireMs: 10_000 })
    expect(await store.intake.create(call)).toEqual({ kind: 'accepted' })
    const leg = { callId: call.callId, attempt: 0, trunk: `${tenant}/carrier`, caller: number.number }
    expect(await store.lines.take(leg, stop.signal)).toBe(true)
    expect(await store.trunks.removeNumber([tenant], numberId, '*')).toEqual({ kind: 'inUse', by: '1 calls' })
    await ask(url, 'delete from numbers where number_id = $1', [numberId])
    expect(await store.trunks.removeTrunk([tenant], trunkId, '*')).toEqual({ kind: 'inUse', by: '1 calls' })
    const outcome = { kind: 'completed', by: 'user' } as const
    await store.journal.append([event(call.callId, 0, 1_000, { type: 'call.ended', outcome })])
    expect(await store.trunks.removeTrunk([tenant], trunkId, '*')).toMatchObject({ kind: 'done' })
  })

  test('a call that an engine gave back before its trunk was removed ends with a record when its time is over', async () => {
    const { trunkId, numberId } = await made()
    const place = async () => {
      throw new VoiceError('RESOURCE_EXHAUSTED')
    }
    const first = new AbortController()
    const dispatching = store.dispatch({ owner: 'engine', control: { place }, signal: first.signal })
    const call = newCall({ callers: ['+49301'], acquireMs: 4_000 })
    expect(await store.intake.create(call)).toEqual({ kind: 'accepted' })
    await eventually(async () => (await ask(url, "select 1 from calls where stage = 'queued'")).length > 0)
    first.abort()
    await dispatching
    expect(await store.trunks.removeNumber([tenant], numberId, '*')).toMatchObject({ kind: 'done' })
    expect(await store.trunks.removeTrunk([tenant], trunkId, '*')).toMatchObject({ kind: 'done' })
    running.push(store.dispatch({ owner: 'engine', control: { place: async () => {} }, signal: stop.signal }))
    const record = await eventually(async () => {
      const found = await store.records.find(tenant, call.callId)
      return found?.outcome && found
    }, 8_000)
    expect(record).toMatchObject({ outcome: { kind: 'failed', code: 'RESOURCE_EXHAUSTED' }, trunk: '' })
  })

  test('a number that one application switched off serves the others', async () => {
    expect(await store.trunks.enableNumbers([tenant], ['+49309', '+49999'], false)).toEqual(['+49999'])
    expect(await store.trunks.enableNumbers([tenant], ['0049309'], false)).toEqual([])
    const dial = (applicationId: typeof tenant) => store.intake.create(newCall({ applicationId, acquireMs: 0 }))
    expect(await dial(tenant)).toEqual({ kind: 'refused', reason: 'noNumber' })
    expect(await dial(stranger)).toEqual({ kind: 'refused', reason: 'noCapacity' })
    const list = async (owner: typeof tenant) =>
      (await store.trunks.listNumbers({ applicationIds: [owner], limit: 10 })).map(({ isEnabled }) => isEnabled)
    expect([await list(tenant), await list(stranger)]).toEqual([[false], [true]])
    await store.trunks.enableNumbers([tenant], ['+49309'], true)
    expect(await dial(tenant)).toEqual({ kind: 'refused', reason: 'noCapacity' })
  })

  test('a number for calls that come in alone is not dialled with', async () => {
    const { numberId } = await made()
    await store.trunks.replaceNumber([tenant], numberId, '*', { inbound: true, outbound: false })
    const dialled = await store.intake.create(newCall({ callers: ['+49301'], acquireMs: 0 }))
    expect(dialled).toEqual({ kind: 'refused', reason: 'noNumber' })
  })

  test('skill groups are bound to a number by each application for itself', async () => {
    await store.trunks.bindSkillGroups(tenant, '+49309', [3, 1, 3], true)
    await store.trunks.bindSkillGroups(tenant, '+49309', [3], false)
    const bound = async (owner: typeof tenant) =>
      (await store.trunks.listNumbers({ applicationIds: [owner], limit: 10 }))[0]?.skillGroupIds
    expect([await bound(tenant), await bound(stranger)]).toEqual([[1], []])
  })

  test("a server is asked about calls to a number that is one application's alone, as long as it is", async () => {
    const seen: TrunkSnapshot[] = []
    const onSnapshot = async (snapshot: TrunkSnapshot) => void seen.push(snapshot)
    running.push(store.followTrunks({ onSnapshot, signal: stop.signal }))
    await made()
    const desk = 'https://desk.test/who?token=very-secret'
    expect(await store.trunks.bindCallIn(tenant, '0049301', desk)).toBe(true)
    const bound = { applicationId: tenant, trunk: `${tenant}/carrier`, number: '+49301', url: desk }
    await eventually(() => seen.at(-1)?.callIn.length === 1)
    expect(seen.at(-1)?.callIn).toEqual([bound])
    const [row] = await ask<{ text: string }>(url, "select encode(call_in_url, 'escape') as text from number_states")
    expect(row?.text).not.toContain('very-secret')
    const shownTo = async (owner: typeof tenant) => {
      const numbers = await store.trunks.listNumbers({ applicationIds: [owner], limit: 10 })
      return Object.fromEntries(numbers.map(({ number, callInServer }) => [number, callInServer]))
    }
    expect(await shownTo(tenant)).toMatchObject({ '+49301': 'https://desk.test' })

    expect(await store.trunks.bindCallIn(tenant, '+49309', desk)).toBe(true)
    await eventually(() => seen.at(-1)?.callIn.length === 2)
    const file = trunk('file', 50, 1_000, { numbers: ['+49309'] })
    await store.configure({ applications: [{ applicationId: tenant }, { applicationId: stranger }], trunks: [file] })
    expect(await store.trunks.bindCallIn(stranger, '+49309', desk)).toBe(false)
    await store.trunks.enableNumbers([tenant], ['+49309'], true)
    await eventually(() => seen.at(-1)?.callIn.length === 1, 8_000)
    expect(await shownTo(tenant)).toEqual({ '+49301': 'https://desk.test', '+49309': undefined })
    expect(await shownTo(stranger)).toEqual({ '+49309': undefined })

    expect(await store.trunks.bindCallIn(tenant, '+49301', undefined)).toBe(true)
    await eventually(() => seen.at(-1)?.callIn.length === 0, 8_000)
  })

  test('every engine hears of each change, with the secrets', async () => {
    const seen: TrunkSnapshot[] = []
    const onSnapshot = async (snapshot: TrunkSnapshot) => void seen.push(snapshot)
    running.push(store.followTrunks({ onSnapshot, signal: stop.signal }))
    await eventually(() => seen.length > 0)
    expect(seen[0]).toEqual({ trunks: [], disabled: [], switchedOff: [], callIn: [] })
    const { trunkId } = await made()
    const last = await eventually(() => seen.at(-1)?.trunks[0]?.numbers.length === 1 && seen.at(-1), 3_000)
    expect(last.trunks).toMatchObject([{ name: `${tenant}/carrier`, applicationId: tenant, numbers: [number] }])
    const { auth } = (last.trunks[0]?.settings ?? {}) as typeof settings
    expect(auth.password.reveal()).toBe('very-secret')
    await store.trunks.enableNumbers([tenant], ['+49309'], false)
    await eventually(() => seen.at(-1)?.disabled.length === 1, 3_000)
    await store.trunks.enableTrunk([tenant], trunkId, false)
    await eventually(() => seen.at(-1)?.trunks.length === 0, 3_000)
  })
})
