import { silentLogger } from '@parley/core'
import { expect, test } from 'vitest'
import type { TrunkConfig } from '../trunk-config.ts'
import { checkTrunks } from './trunk-limits.ts'

const trunk = (more: Partial<TrunkConfig>): TrunkConfig => ({
  name: 'carrier',
  gateways: [{ host: '192.0.2.1' }],
  auth: { kind: 'none' },
  numbers: ['+15550000001'],
  ...more,
})

test('settings that the server decides are named in the log', () => {
  const warned: unknown[] = []
  const logger = { ...silentLogger, warn: (_message: string, fields?: object) => void warned.push(fields) }
  checkTrunks([trunk({}), trunk({ name: 'b', probe: { everyS: 30 }, keepaliveS: 25 })], logger)
  expect(warned).toEqual([{ trunk: 'b', settings: ['keepaliveS', 'probe'] }])
})

test('a trunk that relies on client certificates does not start', () => {
  const strict = trunk({ tls: { clientCertificate: 'required', caFile: '/ca.pem' } })
  expect(() => checkTrunks([strict], silentLogger)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('trunk carrier') }),
  )
})
