import { describe, expect, test } from 'vitest'
import { srv, TableDns } from '../../test/support/table-dns.ts'
import type { NaptrRecord } from './dns-port.ts'
import { type NamedTarget, orderNaptr, resolveTarget } from './resolve-target.ts'

const naptr = (service: string, replacement: string, order = 0, preference = 0): NaptrRecord => ({
  order,
  preference,
  flags: 's',
  service,
  replacement,
})

/** Groups of `transport:address:port`. */
async function found(dns: TableDns, target: NamedTarget): Promise<string[][]> {
  const groups = await resolveTarget(dns, target)
  return groups.map((group) =>
    group.flatMap(({ transport, port, addresses }) => addresses.map((address) => `${transport}:${address}:${port}`)),
  )
}

describe('an address literal', () => {
  test.each([
    [{ host: '192.0.2.1' }, 'udp:192.0.2.1:5060'],
    [{ host: '192.0.2.1', port: 5080, transport: 'tcp' }, 'tcp:192.0.2.1:5080'],
    [{ host: '2001:db8::1', transport: 'tls' }, 'tls:2001:db8::1:5061'],
    [{ host: '192.0.2.1', secure: true }, 'tls:192.0.2.1:5061'],
  ] as const)('%j is %s without a question to DNS', async (target, expected) => {
    const dns = new TableDns()
    expect(await found(dns, target)).toEqual([[expected]])
    expect(dns.asked).toEqual([])
  })
})

test('a name with a port has addresses only', async () => {
  const dns = new TableDns({ addresses: { 'sip.test': ['192.0.2.1', '2001:db8::1'] } })
  expect(await found(dns, { host: 'sip.test', port: 5070 })).toEqual([['udp:192.0.2.1:5070', 'udp:2001:db8::1:5070']])
  expect(dns.asked).toEqual(['addresses sip.test'])
})

test('NAPTR says which transports there are, in the order of its owner', async () => {
  const dns = new TableDns({
    naptr: {
      'sip.test': [
        naptr('SIP+D2U', '_sip._udp.sip.test', 20),
        naptr('SIPS+D2T', '_sips._tcp.secure.test', 10),
        naptr('E2U+sip', 'enum.test', 1),
      ],
    },
    srv: { '_sip._udp.sip.test': [srv('a.test')], '_sips._tcp.secure.test': [srv('b.test', 0, 0, 5061)] },
    addresses: { 'a.test': ['192.0.2.1'], 'b.test': ['192.0.2.2'] },
  })
  expect(await found(dns, { host: 'sip.test' })).toEqual([['tls:192.0.2.2:5061'], ['udp:192.0.2.1:5060']])
})

test('without NAPTR the service records of UDP and TCP are asked for', async () => {
  const dns = new TableDns({
    srv: { '_sip._tcp.sip.test': [srv('a.test', 0, 0, 5080)] },
    addresses: { 'a.test': ['192.0.2.1'] },
  })
  expect(await found(dns, { host: 'sip.test' })).toEqual([['tcp:192.0.2.1:5080']])
})

test('a given transport needs no NAPTR', async () => {
  const dns = new TableDns({
    srv: { '_sips._tcp.sip.test': [srv('a.test', 0, 0, 5061)] },
    addresses: { 'a.test': ['192.0.2.1'] },
  })
  expect(await found(dns, { host: 'sip.test', transport: 'tls' })).toEqual([['tls:192.0.2.1:5061']])
  expect(dns.asked).toEqual(['srv _sips._tcp.sip.test', 'addresses a.test'])
})

test('a secure target is not led to UDP by NAPTR', async () => {
  const dns = new TableDns({
    naptr: { 'sip.test': [naptr('SIP+D2U', '_sip._udp.sip.test')] },
    srv: { '_sip._udp.sip.test': [srv('a.test')] },
    addresses: { 'a.test': ['192.0.2.1'], 'sip.test': ['192.0.2.9'] },
  })
  expect(await found(dns, { host: 'sip.test', secure: true })).toEqual([['tls:192.0.2.9:5061']])
})

test('without any record the addresses of the name serve, by UDP', async () => {
  const dns = new TableDns({ addresses: { 'sip.test': ['192.0.2.1'] } })
  expect(await found(dns, { host: 'sip.test' })).toEqual([['udp:192.0.2.1:5060']])
})

test('a name that only the hosts file knows is found while DNS is down', async () => {
  const dns = new TableDns({ addresses: { 'sip.test': ['192.0.2.1'] } })
  dns.srv = () => Promise.reject(new Error('SERVFAIL'))
  expect(await found(dns, { host: 'sip.test' })).toEqual([['udp:192.0.2.1:5060']])
  await expect(found(dns, { host: 'other.test' })).rejects.toThrow('SERVFAIL')
})

test('a name of one label has addresses only', async () => {
  const dns = new TableDns({ addresses: { pbx: ['192.0.2.1'] } })
  expect(await found(dns, { host: 'pbx' })).toEqual([['udp:192.0.2.1:5060']])
  expect(dns.asked).toEqual(['addresses pbx'])
})

test('a service that is decidedly absent, and servers without addresses, are passed over', async () => {
  const dns = new TableDns({ srv: { '_sip._udp.sip.test': [srv('.'), srv('', 0, 0, 0), srv('gone.test')] } })
  expect(await found(dns, { host: 'sip.test', transport: 'udp' })).toEqual([])
})

test('NAPTR records are sorted by order, then preference; other flags and services go', () => {
  const records = [
    naptr('SIP+D2T', 'c', 2, 1),
    naptr('sip+d2u', 'b', 1, 9),
    naptr('SIPS+D2T', 'a', 1, 1),
    { ...naptr('SIP+D2U', 'x'), flags: 'u' },
    naptr('SIP+D2S', 'sctp'),
  ]
  expect(orderNaptr(records).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
})
