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

function startEngine(url: string, owner: string, dials: string[]): ChildProcess {
  const script = fileURLToPath(new URL('./support/crash-worker.ts', import.meta.url))
  const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, script, url, owner, recordingsDir()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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
    const calls = 80
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    await store.configure({
      applications: [{ applicationId: tenant }],
      trunks: [trunk('a', 4, 200), trunk('bb', 4, 200)],
    })
    const dials: string[] = []
    startEngine(url, 'steady', dials)
    let unlucky = startEngine(url, 'unlucky', dials)
    const made = Promise.all(Array.from({ length: calls }, () => store.intake.create(newCall({ acquireMs: 60_000 }))))
    for (const dialled of [12, 30, 48]) {
      await eventually(() => dials.length >= dialled)
      await kill(unlucky)
      unlucky = startEngine(url, 'unlucky', dials)
    }
    const open = "select 1 from calls where stage <> 'closed'"
    await eventually(async () => (await ask(url, open)).length === 0, 30_000)
    expect((await made).every(({ kind }) => kind === 'accepted')).toBe(true)

    expect(new Set(dials).size).toBe(dials.length)
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
    // Killing must have hit live calls, or this test has shown nothing; and only a few can have been under way.
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.length).toBeLessThanOrEqual(3 * 8)
    for (const record of lost)
      expect(record.endedAtMs).toBeGreaterThanOrEqual(record.answeredAtMs ?? record.createdAtMs)
  })
})
