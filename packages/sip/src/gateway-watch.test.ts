import { silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { beforeEach, expect, test } from 'vitest'
import { TableDns } from '../test/support/table-dns.ts'
import { openPhone, VirtualNetwork } from '../test/support/virtual-network.ts'
import { GatewayPool } from './gateway-pool.ts'
import type { TrunkConfig } from './trunk-config.ts'

let clock: VirtualClock
let network: VirtualNetwork

beforeEach(() => {
  clock = new VirtualClock()
  network = new VirtualNetwork(clock)
})

async function watch(more: Partial<TrunkConfig>) {
  const gateways = ['192.0.2.1', '192.0.2.2'].map((host) => ({ host }))
  const trunk: TrunkConfig = { name: 't', gateways, auth: { kind: 'none' }, numbers: [], ...more }
  const pool = new GatewayPool([trunk], {
    dns: new TableDns(),
    clock,
    random: new SeededRandom(5),
    logger: silentLogger,
  })
  const { agent } = await openPhone(network, clock, '198.51.100.1')
  await pool.start(agent)
  const order = () => pool.targetsOf(trunk).map(({ hop }) => hop.host)
  return { pool, order }
}

test('a gateway that does not answer OPTIONS is tried last until it answers again', async () => {
  await openPhone(network, clock, '192.0.2.2')
  const { pool, order } = await watch({ probe: { everyS: 30 } })
  expect(order()).toEqual(['192.0.2.1', '192.0.2.2'])
  await clock.advance(40_000)
  expect(order()).toEqual(['192.0.2.2', '192.0.2.1'])
  await openPhone(network, clock, '192.0.2.1')
  await clock.advance(34_000)
  expect(order()).toEqual(['192.0.2.1', '192.0.2.2'])
  expect(pool.states().map(({ answers, failures }) => [answers, failures])).toEqual(
    expect.arrayContaining([
      [1, 1],
      [2, 0],
    ]),
  )
  pool[Symbol.dispose]()
})

test('without the setting no gateway is asked anything', async () => {
  const { pool } = await watch({})
  await clock.advance(300_000)
  expect(network.sent).toEqual([])
  pool[Symbol.dispose]()
})

test('a keepalive of two line ends goes to UDP gateways', async () => {
  const { pool } = await watch({ keepaliveS: 20 })
  await clock.advance(22_000)
  expect(network.sent.map(({ to, bytes }) => [to, bytes.toString()])).toEqual([
    ['192.0.2.1', '\r\n\r\n'],
    ['192.0.2.2', '\r\n\r\n'],
  ])
  pool[Symbol.dispose]()
})
