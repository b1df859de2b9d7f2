import { Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { metricsAccess } from './metrics-access.ts'

test.each([
  ['127.0.0.1', 'open'],
  ['127.8.0.1', 'open'],
  ['::1', 'open'],
  ['localhost', 'open'],
  ['0.0.0.0', 'closed'],
  ['::', 'closed'],
  ['192.0.2.1', 'closed'],
  ['127.example.com', 'closed'],
])('without a token, metrics of an API on %s are %s', (host, access) => {
  expect(metricsAccess(host, '')).toBe(access)
})

test('with a token it is asked for everywhere', () => {
  for (const host of ['127.0.0.1', '0.0.0.0']) expect(metricsAccess(host, 'secret')).toBeInstanceOf(Secret)
})
