import { expect, test } from 'vitest'
import { PlaceIndex } from './place-index.ts'

test('addresses are forgotten when the last one there has moved', () => {
  const index = new PlaceIndex<string>()
  index.move('a', [], ['office', 'mobile'])
  index.move('b', [], ['office'])
  expect([...index.at('office')]).toEqual(['a', 'b'])
  index.move('a', ['office', 'mobile'], ['mobile'])
  expect([[...index.at('office')], [...index.at('mobile')], index.size]).toEqual([['b'], ['a'], 2])
  for (let i = 0; i < 100; i += 1) index.move('a', i === 0 ? ['mobile'] : [`cell${i - 1}`], [`cell${i}`])
  expect(index.size).toBe(2)
  index.move('a', ['cell99'], [])
  index.move('b', ['office'], [])
  expect(index.size).toBe(0)
})
