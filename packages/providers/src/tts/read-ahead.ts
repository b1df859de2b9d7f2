import { Channel } from '@parley/core'
import { Room } from './room.ts'

/** The item being heard and the one after it. More would be thrown away by the next interruption. */
const itemsAhead = 2

/**
 * Begins the work on each item of `source` ahead of its reader, in order, two items at a time; the place of an item is free
 * when the reader asks for the next one. The signal given to `begin` aborts when `signal` does and when the reader leaves.
 * Ends with the reason of `signal` on abort. @throws what `source` and `begin` throw, after the items before it
 */
export async function* readAhead<Item, Work>(
  source: AsyncIterable<Item>,
  signal: AbortSignal,
  begin: (item: Item, ended: AbortSignal) => Work,
): AsyncGenerator<Work> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  const begun = new Channel<Work>(itemsAhead, 'fail')
  const room = new Room(itemsAhead)
  const follow = async () => {
    for await (const item of source) {
      await room.enter()
      if (ended.aborted) return
      begun.push(begin(item, ended))
    }
  }
  const onAbort = () => begun.close(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  follow().then(
    () => begun.close(),
    (error) => begun.close(error),
  )
  try {
    for await (const work of begun) {
      yield work
      signal.throwIfAborted()
      room.leave()
    }
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
    stop.abort()
    room.leave()
  }
}
