import { expect, test } from 'vitest'
import { z } from 'zod'
import { auditEntry, writeOnly } from './audited.ts'

test('members that are secret, unknown or called like those of every object are noted without what they hold', () => {
  const body = z.looseObject({ name: z.string(), password: writeOnly(z.string()) })
  const route = { method: 'PUT', path: '/v1/things/{id}', body } as unknown as Parameters<typeof auditEntry>[0]
  const given = { name: 'a', password: 'b', other: 'c', constructor: 'd', toString: 'e' }
  const access = { actor: 'key', applications: new Set() }
  const call = { params: { id: '7' }, query: {}, body: given, access } as unknown as Parameters<typeof auditEntry>[1]
  const hidden = '[secret]'
  expect(auditEntry(route, call)).toMatchObject({
    target: '/v1/things/7',
    details: { name: 'a', password: hidden, other: hidden, constructor: hidden, toString: hidden },
  })
})
