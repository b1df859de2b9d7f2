import { parentPort } from 'node:worker_threads'
import { runMediaWorker } from '@parley/media'
import { systemClock, systemRandom } from '@parley/runtime'

if (!parentPort) throw new Error('this file is a worker')
const port = parentPort

/** A worker that dies when a stream of the call named `die` starts. */
let doomed = -1
port.on('message', ({ body }: { body?: { type: string; id?: number; leg?: { id: number; callId: string } } }) => {
  if (body?.leg?.callId === 'die') doomed = body.leg.id
  if (body?.type === 'start' && body.id === doomed) throw new Error('killed by the test')
})
runMediaWorker(port, systemClock, systemRandom)
