import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'

const drachtioOf = (environment: Record<string, string>) => {
  const result = loadConfig({ PARLEY_SIP_STACK: 'drachtio', ...environment })
  return 'config' in result ? result.config.drachtio : result.problems
}

test('the embedded stack needs no drachtio settings', () => {
  const result = loadConfig({})
  expect('config' in result && result.config.drachtio).toBeUndefined()
})

test('servers are named with or without a port', () => {
  const environment = {
    PARLEY_DRACHTIO_SERVERS: 'sip-a, 192.0.2.7:9122,[2001:db8::1]:9022',
    PARLEY_DRACHTIO_SECRET: 's',
  }
  expect(drachtioOf(environment)).toEqual({
    servers: [
      { host: 'sip-a', port: 9022, secret: 's', tls: false },
      { host: '192.0.2.7', port: 9122, secret: 's', tls: false },
      { host: '2001:db8::1', port: 9022, secret: 's', tls: false },
    ],
  })
})

test('in outbound mode the servers are told where we are', () => {
  const environment = {
    PARLEY_DRACHTIO_LISTEN_PORT: '9021',
    PARLEY_DRACHTIO_SECRET: 's',
    PARLEY_PUBLIC_HOST: 'engine.example',
  }
  expect(drachtioOf(environment)).toEqual({
    servers: [],
    listen: { host: '127.0.0.1', port: 9021, secret: 's', routingPort: 9020, address: 'engine.example' },
  })
})

test('all that is missing is named at once', () => {
  expect(drachtioOf({})).toEqual([
    'PARLEY_DRACHTIO_SECRET: needed with PARLEY_SIP_STACK=drachtio',
    'PARLEY_DRACHTIO_SERVERS: needed with PARLEY_SIP_STACK=drachtio, or PARLEY_DRACHTIO_LISTEN_PORT',
  ])
})

test.each(['sip a', 'host:0', 'host:70000', 'host,'])('a server cannot be %j', (text) => {
  expect(drachtioOf({ PARLEY_DRACHTIO_SERVERS: text, PARLEY_DRACHTIO_SECRET: 's' })).toEqual([
    'PARLEY_DRACHTIO_SERVERS: must look like sip-a:9022,sip-b:9022',
  ])
})
