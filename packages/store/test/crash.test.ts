import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from './support/real-time.ts'
import { newCall, openTestStore, recordingsDir, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const children = new Set<ChildProcess>()

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
})

function startEngine(url: string, owner: string, dials: string[], endless = false): ChildProcess {
  const script = fileURLToPath(new URL('./support/crash-worker.ts', import.meta.url))
  const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
  const child = spawn(
    process.execPath,
    [...flags, script, url, owner, recordingsDir(), ...(endless ? ['endless'] : [])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  createInterface({ input: child.stdout }).on('line', (line) => dials.push(line))
  children.add(child)
  child.on('exit', () => children.delete(child))
  return child
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGKILL')
  })
}

describe.each(serverVersions)('engines killed in the middle of calls on %s', (version) => {
  test('no call is dialled twice and each ends with one record', { timeout: 40_000 }, async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    await store.configure({
      applications: [{ applicationId: tenant }],
      trunks: [trunk('a', 4, 200), trunk('bb', 4, 200)],
    })
    const dials: string[] = []
    const made: Promise<{ kind: string }>[] = []
    const make = (count: number) => {
      for (let n = 0; n < count; n += 1) made.push(store.intake.create(newCall({ acquireMs: 60_000 })))
    }
    startEngine(url, 'steady', dials)
    for (let round = 1; round <= 3; round += 1) {
      const own: string[] = []
      const unlucky = startEngine(url, 'unlucky', own, true)
      await eventually(() => own.shift() === 'ready')
      // Its third call does not end, so there is always one to lose.
      for (let batch = 0; batch < 30 && own.length < 3; batch += 1) {
        make(4)
        await Promise.all(made)
      }
      make(10)
      await kill(unlucky)
      dials.push(...own)
    }
    startEngine(url, 'unlucky', dials)
    const open = "select 1 from calls where stage <> 'closed'"
    await eventually(async () => (await ask(url, open)).length === 0, 30_000)
    expect((await Promise.all(made)).every(({ kind }) => kind === 'accepted')).toBe(true)

    const calls = made.length
    const dialled = dials.filter((line) => line !== 'ready')
    expect(new Set(dialled).size).toBe(dialled.length)
    const ends = await ask<{ ends: string }>(
      url,
      "select count(*) as ends from call_events where type = 'call.ended' group by call_id",
    )
    expect(ends.map((row) => Number(row.ends))).toEqual(Array(calls).fill(1))
    const { calls: records } = await store.records.list({
      applicationId: tenant,
      fromMs: 0,
      toMs: 9e12,
      limit: calls,
      offset: 0,
    })
    expect(records).toHaveLength(calls)
    const lost = records.filter(({ outcome }) => outcome?.kind === 'failed')
    expect(lost.every(({ outcome }) => outcome?.kind === 'failed' && outcome.code === 'ENGINE_LOST')).toBe(true)
    expect(lost.length).toBeGreaterThanOrEqual(3)
    // No more than the trunks can carry at each kill.
    expect(lost.length).toBeLessThanOrEqual(3 * 8)
    for (const record of lost)
      expect(record.endedAtMs).toBeGreaterThanOrEqual(record.answeredAtMs ?? record.createdAtMs)
  })
})
