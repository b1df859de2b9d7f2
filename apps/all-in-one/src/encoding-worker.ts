import { parentPort, workerData } from 'node:worker_threads'
import { runEncodingWorker } from '@parley/media'
import { deferThisThread } from '@parley/runtime'

if (!parentPort) throw new Error('this file is the entry of a worker thread')
// Threads that carry calls go before it.
deferThisThread()
await runEncodingWorker(parentPort, workerData)
