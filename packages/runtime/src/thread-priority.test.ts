import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

const code = `
  import { getPriority } from 'node:os'
  import { parentPort, workerData } from 'node:worker_threads'
  const { preferThisThread } = await import(workerData)
  parentPort.postMessage({ allowed: preferThisThread(), nice: getPriority(0) })
`

it('raises the priority of the thread that asks, where the system allows it, and of no other', async () => {
  const before = getPriority(0)
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
  const worker = new Worker(url, { workerData: new URL('thread-priority.ts', import.meta.url).href })
  const [{ allowed, nice }] = (await once(worker, 'message')) as [{ allowed: boolean; nice: number }]
  await worker.terminate()
  expect(nice).toBe(allowed ? -10 : before)
  expect(getPriority(0)).toBe(before)
})
