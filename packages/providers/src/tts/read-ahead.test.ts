import { Channel } from '@parley/core'
import { expect, test } from 'vitest'
import { readAhead } from './read-ahead.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

function setUp() {
  const source = new Channel<string>(10, 'fail')
  const abort = new AbortController()
  const begun: string[] = []
  let ended: AbortSignal | undefined
  const works = readAhead(source, abort.signal, (item, signal) => {
    ended = signal
    begun.push(item)
    if (item === 'bad') throw new Error('bad item')
    return item.toUpperCase()
  })
  return { source, abort, begun, works, isEnded: () => ended?.aborted }
}

test('two items are in work, and the next begins when the reader asks for another', async () => {
  const { source, begun, works } = setUp()
  for (const item of ['a', 'b', 'c', 'd']) source.push(item)
  source.close()
  expect((await works.next()).value).toBe('A')
  await settle()
  expect(begun).toEqual(['a', 'b'])
  expect((await works.next()).value).toBe('B')
  await settle()
  expect(begun).toEqual(['a', 'b', 'c'])
  const rest: string[] = []
  for await (const work of works) rest.push(work)
  expect(rest).toEqual(['C', 'D'])
})

test('a reader that leaves ends the work, and nothing more is begun', async () => {
  const { source, begun, works, isEnded } = setUp()
  for (const item of ['a', 'b', 'c']) source.push(item)
  await works.next()
  await settle()
  await works.return(undefined)
  await settle()
  expect([begun, isEnded()]).toEqual([['a', 'b'], true])
})

test('an abort ends it with its reason, also while the source says nothing', async () => {
  const { source, abort, works } = setUp()
  source.push('a')
  await works.next()
  const next = works.next()
  abort.abort(new Error('cut off'))
  await expect(next).rejects.toThrow('cut off')
})

test('what cannot be begun fails in its turn', async () => {
  const { source, works } = setUp()
  source.push('a')
  source.push('bad')
  expect((await works.next()).value).toBe('A')
  await expect(works.next()).rejects.toThrow('bad item')
})
