import { silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { srv, TableDns } from '../../test/support/table-dns.ts'
import type { TrunkConfig, TrunkGateway } from '../trunk-config.ts'
import { GatewayDirectory } from './gateway-directory.ts'

const trunkOf = (gateways: readonly TrunkGateway[], more: Partial<TrunkConfig> = {}): TrunkConfig => ({
  name: 't',
  gateways,
  auth: { kind: 'none' },
  numbers: [],
  ...more,
})

function open(trunk: TrunkConfig, dns = new TableDns()) {
  const clock = new VirtualClock()
  const ports = { dns, clock, random: new SeededRandom(3), logger: silentLogger }
  const directory = new GatewayDirectory([trunk], ports)
  const hosts = () => directory.targetsOf(trunk).map(({ hop }) => hop.host)
  return { directory, dns, clock, hosts }
}

test('gateways come in the order of the list', () => {
  const { hosts } = open(trunkOf(['192.0.2.3', '192.0.2.1', '192.0.2.2'].map((host) => ({ host }))))
  expect(hosts()).toEqual(['192.0.2.3', '192.0.2.1', '192.0.2.2'])
})

test('priorities order gateways, weights share the calls of one priority', () => {
  const { hosts } = open(
    trunkOf([
      { host: '192.0.2.9', priority: 2 },
      { host: '192.0.2.1', priority: 1, weight: 1 },
      { host: '192.0.2.2', priority: 1, weight: 1 },
    ]),
  )
  const orders = Array.from({ length: 40 }, hosts)
  expect(orders.every((order) => order[2] === '192.0.2.9')).toBe(true)
  expect(new Set(orders.map(([first]) => first))).toEqual(new Set(['192.0.2.1', '192.0.2.2']))
})

test('with a proxy every request goes there, and gateways and proxy may call in', async () => {
  const trunk = trunkOf([{ host: '192.0.2.1' }], { outboundProxy: 'sip:proxy.test:5070;transport=tcp;lr' })
  const dns = new TableDns({ addresses: { 'proxy.test': ['192.0.2.8'] } })
  const { directory } = open(trunk, dns)
  await directory.start()
  expect(directory.targetsOf(trunk)).toMatchObject([
    { gateway: { host: '192.0.2.1' }, hop: { transport: 'tcp', host: '192.0.2.8', port: 5070 } },
  ])
  const known = ['192.0.2.1', '192.0.2.8', '192.0.2.9'].map((address) => directory.isGateway(trunk, address))
  expect(known).toEqual([true, true, false])
  directory[Symbol.dispose]()
})

test('all servers of a name are targets and may call in', async () => {
  const trunk = trunkOf([{ host: 'sip.test' }])
  const dns = new TableDns({
    srv: { '_sip._udp.sip.test': [srv('b.test', 20, 0, 5070), srv('a.test', 10, 0, 5060)] },
    addresses: { 'a.test': ['192.0.2.1'], 'b.test': ['192.0.2.2'] },
  })
  const { directory } = open(trunk, dns)
  await directory.start()
  const targets = directory.targetsOf(trunk)
  expect(targets.map(({ hop }) => hop)).toMatchObject([
    { transport: 'udp', host: '192.0.2.1', port: 5060, profile: { name: 't' } },
    { transport: 'udp', host: '192.0.2.2', port: 5070 },
  ])
  const known = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => directory.isGateway(trunk, address))
  expect(known).toEqual([true, true, false])
  directory[Symbol.dispose]()
})

test('a certificate is expected for the configured name, not for what DNS made of it', async () => {
  const trunk = trunkOf([{ host: 'sip.test', transport: 'tls' }])
  const dns = new TableDns({
    srv: { '_sips._tcp.sip.test': [srv('evil.test', 0, 0, 5061)] },
    addresses: { 'evil.test': ['192.0.2.6'] },
  })
  const { directory } = open(trunk, dns)
  await directory.start()
  expect(directory.targetsOf(trunk)[0]?.hop).toMatchObject({ host: '192.0.2.6', serverName: 'sip.test' })
  directory[Symbol.dispose]()
})

test('what was found stays while the name resolves to nothing, and changes when it resolves anew', async () => {
  const dns = new TableDns({ addresses: { 'sip.test': ['192.0.2.1'] } })
  const { directory, clock, hosts } = open(trunkOf([{ host: 'sip.test', port: 5060 }]), dns)
  await directory.start()
  for (const [table, mode, expected] of [
    [{}, 'up', '192.0.2.1'],
    [{}, 'down', '192.0.2.1'],
    [{ addresses: { 'sip.test': ['192.0.2.2'] } }, 'up', '192.0.2.2'],
  ] as const) {
    dns.table = table
    dns.mode = mode
    await clock.advance(10_000)
    expect(hosts()).toEqual([expected])
  }
  directory[Symbol.dispose]()
  expect(clock.pendingTimers).toBe(0)
})

test('a start does not wait longer than six seconds for name servers', async () => {
  const dns = new TableDns()
  dns.mode = 'silent'
  const { directory, clock, hosts } = open(trunkOf([{ host: 'sip.test' }]), dns)
  const started = directory.start()
  await clock.advance(6_000)
  await started
  expect(hosts()).toEqual([])
  directory[Symbol.dispose]()
})
