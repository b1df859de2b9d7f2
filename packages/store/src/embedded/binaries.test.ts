import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { locateBinaries } from './binaries.ts'

test('on a platform without programs the operator is asked for a database', async () => {
  const identity = { uid: 1000, gid: 1000, dropped: false }
  const located = locateBinaries(tmpdir(), identity, 'unused', 'sunos-sparc')
  await expect(located).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  await expect(located).rejects.toThrow(/sunos-sparc; set DATABASE_URL/)
})
