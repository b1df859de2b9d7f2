import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { everybody, inState, newCampaign, pass, placedBy } from './support/campaign-house.ts'
import { eventually } from './support/real-time.ts'
import { openTestStore, recordingsDir, tenant, trunk } from './support/sample-calls.ts'
import { ask, createTestDatabase, serverVersions } from './support/test-database.ts'

const children = new Set<ChildProcess>()

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
})

function startEngine(url: string, owner: string, lines: string[], stuck = false): ChildProcess {
  const script = fileURLToPath(new URL('./support/campaign-crash-worker.ts', import.meta.url))
  const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning']
  const args = [...flags, script, url, owner, recordingsDir(), ...(stuck ? ['stuck'] : [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
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

describe.each(serverVersions)('engines killed while they make calls of a campaign on %s', (version) => {
  test('lose no callee and call nobody twice', { timeout: 120_000 }, async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    await store.configure({ ...everybody, trunks: [trunk('a', 8, 200)] })
    const id = await store.campaigns.create(newCampaign(60, { tries: 2 }))
    const lines: string[] = []
    const unlucky = ['unlucky', 'hapless'].map((owner) => {
      const own: string[] = []
      return { own, child: startEngine(url, owner, own, true) }
    })
    for (const { own } of unlucky) await eventually(() => own.some((line) => line.startsWith('claimed')), 30_000)
    startEngine(url, 'steady', lines)
    for (const { own, child } of unlucky) {
      await kill(child)
      lines.push(...own)
    }
    // The lease of what they had claimed is over.
    await pass(url, 61)
    await eventually(async () => {
      await pass(url, 600)
      return (await store.campaigns.find(tenant, id))?.state === 'finished'
    }, 60_000)

    const dialled = lines.filter((line) => line.startsWith('dial '))
    const calls = await ask<{ callee: string; n: string; lost: string }>(
      url,
      `select callee, count(*) as n, count(*) filter (where outcome ->> 'code' = 'ENGINE_LOST') as lost
       from calls where stage = 'closed' group by callee`,
    )
    expect(calls).toHaveLength(60)
    // Only a call that was lost together with its engine was made again.
    expect(calls.filter(({ n, lost }) => Number(n) !== 1 + Number(lost))).toEqual([])
    expect(new Set(dialled).size).toBe(60)
    expect(lines.some((line) => line.startsWith('claimed '))).toBe(true)
    expect(await store.campaigns.progress(tenant, id)).toMatchObject({ total: 60, answered: 60 })
  })

  test('make no call once their lease is over, should they be alive after all', { timeout: 60_000 }, async () => {
    const url = await createTestDatabase(version)
    await using store = await openTestStore(url)
    await store.configure({ ...everybody, trunks: [trunk('a', 8, 200)] })
    const id = await store.campaigns.create(newCampaign(['+493011']))
    const slow = Promise.withResolvers<void>()
    const placements: string[] = []
    const stop = new AbortController()
    const running = store.runCampaigns({
      calendar: { holidays: new Set(), workingDays: new Set() },
      statusOf: () => 1,
      signal: stop.signal,
      place: async (attempt) => {
        placements.push(attempt.callId)
        if (placements.length > 1) return { kind: 'later', atMs: Date.now() + 3_600_000 }
        await slow.promise
        const placed = await placedBy(store)(attempt)
        placements.push(placed.kind)
        return placed
      },
    })
    await eventually(() => placements.length === 1)
    await pass(url, 61)
    await eventually(() => placements.length === 2)
    slow.resolve()
    await eventually(() => placements.length === 3)
    stop.abort()
    await running
    expect(placements[2]).toBe('noCapacity')
    expect(await ask(url, "select 1 from calls where stage <> 'refused'")).toEqual([])
    await inState(store, id, 'running')
  })
})
