import { expect, test } from 'vitest'
import { nodeDns } from './node-dns.ts'

test('names of the hosts file have addresses', async () => {
  const { records, ttlS } = await nodeDns().addresses('localhost')
  expect(records).toContain('127.0.0.1')
  expect(ttlS).toBeGreaterThan(0)
})
