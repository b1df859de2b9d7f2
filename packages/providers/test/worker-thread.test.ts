import { expect, test } from 'vitest'
import { WorkerThread } from '../src/worker/worker-thread.ts'
import { realClock } from './real-clock.ts'

type Message = { readonly type: 'crash' } | { readonly value: number }

function setUp() {
  const waiting: ((event: number | string) => void)[] = []
  const thread = new WorkerThread<Message, number>({
    module: './fixtures/fragile-worker',
    base: import.meta.url,
    clock: realClock,
    onMessage: (value) => waiting.shift()?.(value),
    onLost: (reason) => waiting.shift()?.(reason),
  })
  const ask = (message: Message) =>
    new Promise<number | string>((resolve) => {
      waiting.push(resolve)
      thread.post(message)
    })
  return { thread, ask }
}

test('a thread that crashes is reported with the reason, and the next message starts another', async () => {
  const { thread, ask } = setUp()
  expect(await ask({ value: 2 })).toBe(4)
  expect(await ask({ type: 'crash' })).toBe('crashed on demand')
  expect(await ask({ value: 3 })).toBe(6)
  await thread[Symbol.asyncDispose]()
})

test('a closed thread is not reported as lost and takes no more messages', async () => {
  const { thread, ask } = setUp()
  await ask({ value: 1 })
  await thread[Symbol.asyncDispose]()
  expect(() => thread.post({ value: 1 })).toThrow('closed')
})

test('a thread that was never used is closed at once', async () => {
  await setUp().thread[Symbol.asyncDispose]()
})
