import { silentLogger } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { connect } from '../src/database/connect.ts'
import { migrate } from '../src/database/migrate.ts'
import { createTestDatabase, serverVersions } from './support/test-database.ts'

describe.each(serverVersions)('the schema on %s', (version) => {
  test('is made once, by one of several processes that start at the same time', async () => {
    const url = await createTestDatabase(version)
    const pools = [1, 2, 3].map(() => connect(url, 2, silentLogger))
    try {
      const steps = await Promise.all(pools.map((pool) => migrate(pool)))
      expect(steps.flat()).toEqual([
        '0001-calls',
        '0002-transfers',
        '0003-call-quality',
        '0004-number-limits',
        '0005-pushes',
        '0006-call-jobs',
        '0007-idempotency',
        '0008-agents',
        '0009-campaigns',
        '0010-management',
        '0011-number-owners',
        '0011-trunk-registry',
        '0012-recordings',
        '0013-fair-dispatch',
        '0013-record-pages',
        '0014-webhooks',
        '0015-extensions',
        '0016-erased-requests',
        '0017-audit-outcome',
        '0018-call-in',
        '0020-audit-retention',
      ])
      expect(await Promise.all(pools.map((pool) => migrate(pool)))).toEqual([[], [], []])
    } finally {
      for (const pool of pools) await pool.destroy()
    }
  })
})
