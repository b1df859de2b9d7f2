import { parentPort } from 'node:worker_threads'
import { runMediaWorker } from '@parley/media'
import { systemClock, systemRandom } from '@parley/runtime'

if (!parentPort) throw new Error('this file is a worker')
runMediaWorker(parentPort, systemClock, systemRandom)
