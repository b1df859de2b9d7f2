import { VirtualClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import { TableDns } from '../../test/support/table-dns.ts'
import { DnsCache } from './dns-cache.ts'

let clock: VirtualClock
let dns: TableDns
let cache: DnsCache

beforeEach(() => {
  clock = new VirtualClock()
  dns = new TableDns({ addresses: { 'a.test': ['192.0.2.1'] } })
  cache = new DnsCache(dns, clock)
})

const ask = async () => (await cache.addresses('a.test')).records

test('an answer is asked for again when its time is over', async () => {
  await ask()
  await clock.advance(59_999)
  await ask()
  expect(dns.asked).toHaveLength(1)
  await clock.advance(1)
  dns.table = { addresses: { 'a.test': ['192.0.2.2'] } }
  expect(await ask()).toEqual(['192.0.2.2'])
  expect(dns.asked).toHaveLength(2)
})

test('absence is remembered too', async () => {
  dns.ttlS = 30
  expect((await cache.srv('_sip._udp.a.test')).records).toEqual([])
  await cache.srv('_sip._udp.a.test')
  expect(dns.asked).toHaveLength(1)
})

test('one question is asked once by many at a time', async () => {
  await Promise.all([ask(), ask(), ask()])
  expect(dns.asked).toHaveLength(1)
})

test('the last good answer stays while the name service is down', async () => {
  await ask()
  dns.mode = 'down'
  await clock.advance(60_000)
  expect(await ask()).toEqual(['192.0.2.1'])
  expect(await ask()).toEqual(['192.0.2.1'])
  expect(dns.asked).toHaveLength(2)
  dns.mode = 'up'
  dns.table = { addresses: { 'a.test': ['192.0.2.3'] } }
  await clock.advance(5_000)
  expect(await ask()).toEqual(['192.0.2.3'])
})

test('a failure without an earlier answer is told, and not asked about again at once', async () => {
  dns.mode = 'down'
  await expect(ask()).rejects.toThrow('SERVFAIL')
  await expect(ask()).rejects.toThrow('name service failed')
  expect(dns.asked).toHaveLength(1)
})

test('a name service that says nothing is given up after four seconds', async () => {
  dns.mode = 'silent'
  const failed = expect(ask()).rejects.toThrow('does not answer')
  await clock.advance(4_000)
  await failed
  expect(clock.pendingTimers).toBe(0)
})
