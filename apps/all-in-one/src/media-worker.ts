import { parentPort } from 'node:worker_threads'
import { runMediaWorker } from '@parley/media'
import { preferThisThread, systemClock, systemRandom } from '@parley/runtime'

if (!parentPort) throw new Error('this file is the entry of a worker thread')
// Where it is not allowed, packets leave as evenly as the other work of the machine lets them.
preferThisThread()
runMediaWorker(parentPort, systemClock, systemRandom)
