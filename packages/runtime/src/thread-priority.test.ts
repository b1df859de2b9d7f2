import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

const code = `
  import { getPriority } from 'node:os'
  import { parentPort, workerData } from 'node:worker_threads'
  const { module, name } = workerData
  const changed = (await import(module))[name]()
  parentPort.postMessage({ changed, nice: getPriority(0) })
`

it.each([
  ['preferThisThread', -10],
  ['deferThisThread', 19],
])('%s changes the priority of the thread that asks, where the system allows it, and of no other', async (name, to) => {
  const before = getPriority(0)
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
  const module = new URL('thread-priority.ts', import.meta.url).href
  const worker = new Worker(url, { workerData: { module, name } })
  const [{ changed, nice }] = (await once(worker, 'message')) as [{ changed: boolean; nice: number }]
  await worker.terminate()
  expect(nice).toBe(changed ? to : before)
  expect(getPriority(0)).toBe(before)
})
