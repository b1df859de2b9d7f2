import { parentPort, workerData } from 'node:worker_threads'
import { runEncodingWorker } from '@parley/media'

if (!parentPort) throw new Error('this file is the entry of a worker thread')
await runEncodingWorker(parentPort, workerData)
