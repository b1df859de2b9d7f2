import { expect, test } from 'vitest'
import { CallRouting, routingFor } from './call-routing.ts'

const owner = (draining = false) => ({
  knowsSource: (address: string) => address === '192.0.2.7',
  isDraining: () => draining,
})
const ask = (source: string, draining = false) =>
  routingFor(new URLSearchParams({ method: 'INVITE', source_address: source }), owner(draining), 'engine:9021')

test('a call of a trunk comes to the engine', () => {
  expect(ask('192.0.2.7')).toEqual({ action: 'route', data: { uri: 'engine:9021' } })
})

test('a call from elsewhere is refused, whether the engine drains or not', () => {
  expect(ask('198.51.100.1')).toMatchObject({ action: 'reject', data: { status: 403 } })
  expect(ask('198.51.100.1', true)).toMatchObject({ data: { status: 403 } })
})

test('how the call reached the server is told to the trunks; what they do not know counts as unprotected', () => {
  const seen: string[] = []
  const knowsSource = (_address: string, transport: string) => seen.push(transport) > 0
  for (const protocol of ['tls', 'tcp', 'udp', 'wss', '']) {
    const query = new URLSearchParams({ source_address: '192.0.2.7', ...(protocol && { protocol }) })
    routingFor(query, { ...owner(), knowsSource }, 'engine:9021')
  }
  expect(seen).toEqual(['tls', 'tcp', 'udp', 'udp', 'udp'])
})

test('a draining engine takes no call', () => {
  expect(ask('192.0.2.7', true)).toMatchObject({ action: 'reject', data: { status: 503 } })
})

test('the endpoint answers only what a request handler asks', async () => {
  await using routing = await CallRouting.open({ host: '127.0.0.1', port: 0, owner: owner(), uri: 'engine:9021' })
  const base = `http://127.0.0.1:${routing.port}/`
  expect((await fetch(base)).status).toBe(400)
  expect((await fetch(`${base}?source_address=192.0.2.7`, { method: 'POST' })).status).toBe(400)
  expect(await (await fetch(`${base}?source_address=192.0.2.7`)).json()).toMatchObject({ action: 'route' })
})
