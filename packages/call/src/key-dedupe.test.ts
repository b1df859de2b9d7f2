import { expect, test } from 'vitest'
import { KeyDedupe, type KeySource } from './key-dedupe.ts'

type Press = readonly [key: string, source: KeySource, atMs: number]

function accepted(presses: readonly Press[]): string {
  const keys = new KeyDedupe()
  return presses.map(([key, source, atMs]) => (keys.isNew(key, source, atMs) ? key : '')).join('')
}

test.each<[string, Press[], string]>([
  [
    'one way',
    [
      ['1', 'media', 0],
      ['1', 'media', 200],
      ['2', 'media', 400],
    ],
    '112',
  ],
  [
    'both ways',
    [
      ['1', 'media', 0],
      ['1', 'signalling', 80],
      ['2', 'signalling', 300],
      ['2', 'media', 400],
    ],
    '12',
  ],
  [
    'both ways and twice',
    [
      ['5', 'media', 0],
      ['5', 'signalling', 50],
      ['5', 'media', 300],
      ['5', 'signalling', 350],
    ],
    '55',
  ],
  [
    'both ways and late',
    [
      ['5', 'media', 0],
      ['5', 'media', 200],
      ['5', 'signalling', 500],
      ['5', 'signalling', 600],
    ],
    '55',
  ],
  [
    'another way later on',
    [
      ['5', 'media', 0],
      ['5', 'signalling', 3000],
    ],
    '55',
  ],
  [
    'another key the other way',
    [
      ['5', 'media', 0],
      ['6', 'signalling', 50],
    ],
    '56',
  ],
])('keys that come %s', (_name, presses, keys) => {
  expect(accepted(presses)).toBe(keys)
})
