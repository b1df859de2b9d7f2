import type { ServerResponse } from 'node:http'
import type { Clock } from '@parley/core'
import type { EventSink } from './follow-calls.ts'

/** A reader that takes nothing for this long is dropped. Taste. */
const stuckMs = 30_000

/** A response as a sink. Bounded: who writes waits until the connection has taken what was written before. */
export function responseSink(response: ServerResponse, clock: Clock): EventSink {
  return {
    get isFree() {
      return response.writableLength === 0 && !response.destroyed
    },
    write(text) {
      if (response.destroyed) return Promise.reject(new Error('the reader is gone'))
      if (response.write(text)) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          timer[Symbol.dispose]()
          response.off('drain', onDrain)
          response.off('close', onClose)
          end()
        }
        const onDrain = () => settle(resolve)
        const onClose = () => settle(() => reject(new Error('the reader is gone')))
        const timer = clock.setTimer(clock.nowMs() + stuckMs, () =>
          settle(() => reject(new Error('the reader takes nothing'))),
        )
        response.once('drain', onDrain)
        response.once('close', onClose)
      })
    },
  }
}
