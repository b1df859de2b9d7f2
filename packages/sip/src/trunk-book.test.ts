import { silentLogger, VoiceError } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { TableDns } from '../test/support/table-dns.ts'
import { GatewayPool } from './gateway-pool.ts'
import { TrunkBook } from './trunk-book.ts'
import type { TrunkConfig } from './trunk-config.ts'

const trunk = (name: string, host: string, more: Partial<TrunkConfig> = {}): TrunkConfig => ({
  name,
  gateways: [{ host, port: 5060, transport: 'udp' }],
  auth: { kind: 'none' },
  numbers: [],
  ...more,
})
function book(...trunks: TrunkConfig[]): TrunkBook {
  const ports = { dns: new TableDns(), clock: new VirtualClock(), random: new SeededRandom(1), logger: silentLogger }
  return new TrunkBook(trunks, new GatewayPool(trunks, ports))
}

test('gateways, allowed addresses and ranges may call in, nobody else', () => {
  const trunks = book(trunk('a', '192.0.2.1', { allowedSources: ['198.51.100.0/24', '2001:db8::/32', '203.0.113.9'] }))
  const known = ['192.0.2.1', '198.51.100.77', '2001:db8::1', '203.0.113.9']
  expect(known.map((address) => trunks.knowsSource(address, 'udp'))).toEqual(known.map(() => true))
  const unknown = ['192.0.2.2', '198.51.101.1', '2001:db9::1', '203.0.113.10', '', 'localhost']
  expect(unknown.map((address) => trunks.knowsSource(address, 'udp'))).toEqual(unknown.map(() => false))
})

test('of trunks with the same source the called number decides', () => {
  const trunks = book(
    trunk('a', '192.0.2.1', { numbers: ['+8675511111111'] }),
    trunk('b', '192.0.2.1', { numbers: ['+8675522222222'] }),
    trunk('c', '192.0.2.9', { numbers: ['+8675533333333'] }),
  )
  expect(trunks.match({ source: '192.0.2.1' }, ['075522222222'])).toMatchObject({
    trunk: { name: 'b' },
    number: '+8675522222222',
  })
  expect(trunks.match({ source: '192.0.2.1' }, ['s', '+8675511111111'])).toMatchObject({ trunk: { name: 'a' } })
  expect(trunks.match({ source: '192.0.2.1' }, ['+8675533333333'])).toMatchObject({ kind: 'unknownNumber' })
})

test('a registered account with one number is reached by its account name', () => {
  const auth = { kind: 'register', username: 'acct', password: 'p' } as const
  const trunks = book(trunk('a', '192.0.2.1', { auth, numbers: ['+8675511111111'] }))
  expect(trunks.match({ source: '192.0.2.1' }, ['acct', 'acct'])).toMatchObject({ number: '+8675511111111' })
})

test.each([
  trunk('a', '192.0.2.1', { gateways: [] }),
  ...[404, 484, 486, 487, 600, 603, 200].map((status) => trunk('a', '192.0.2.1', { failover: { statuses: [status] } })),
  trunk('a', '192.0.2.1', { failover: { firstResponseMs: 100 } }),
  trunk('a', '192.0.2.1', { probe: { everyS: 1 } }),
  trunk('a', '192.0.2.1', { auth: { kind: 'digest' } }),
  trunk('a', '192.0.2.1', { allowedSources: ['192.0.2.0/33'] }),
  trunk('a', '192.0.2.1', { allowedSources: ['somewhere'] }),
])('an impossible trunk is refused: %j', (config) => {
  expect(() => book(config)).toThrow(VoiceError)
})

test('a trunk that authenticates its calls takes none without its account, and shares the question with its neighbours', () => {
  const inboundAuth = { username: 'carrier', password: 'p' }
  const trunks = book(
    trunk('a', '192.0.2.1', { numbers: ['+8675511111111'], inboundAuth }),
    trunk('b', '192.0.2.1', { numbers: ['+8675522222222'] }),
  )
  expect(trunks.inboundAccounts('192.0.2.1')).toEqual([inboundAuth])
  expect(trunks.inboundAccounts('192.0.2.2')).toEqual([])
  expect(trunks.match({ source: '192.0.2.1' }, ['+8675511111111'])).toMatchObject({ kind: 'unknownNumber' })
  expect(trunks.match({ source: '192.0.2.1' }, ['+8675511111111'], 'somebody')).toMatchObject({ kind: 'unknownNumber' })
  expect(trunks.match({ source: '192.0.2.1' }, ['+8675511111111'], 'carrier')).toMatchObject({ trunk: { name: 'a' } })
  expect(trunks.match({ source: '192.0.2.1' }, ['+8675522222222'], 'carrier')).toMatchObject({ trunk: { name: 'b' } })
})

test('a trunk of another owner does not make the callers of an older trunk prove an account', () => {
  const inboundAuth = { username: 'intruder', password: 'p' }
  const [old, late] = [
    trunk('old', '192.0.2.1', { numbers: ['+8675511111111'] }),
    trunk('late', '192.0.2.1', { owner: 7, inboundAuth, numbers: ['+8675511111111'] }),
  ]
  expect(book(old, late).inboundAccounts('192.0.2.1')).toEqual([])
  expect(book(old, late).match({ source: '192.0.2.1' }, ['+8675511111111'])).toMatchObject({ trunk: { name: 'old' } })
  expect(book(late).inboundAccounts('192.0.2.1')).toHaveLength(1)
})
