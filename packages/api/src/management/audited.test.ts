import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Access } from './access.ts'
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

type Route = Parameters<typeof auditEntry>[0]
const ownerOf = (access: object, query: object, route: object = {}) =>
  auditEntry({ method: 'POST', path: '/v1/things', ...route } as Route, { query, access } as never).applicationId
const installation = { isInstallation: true, actor: 'installation' } satisfies Partial<Access>

test('an entry is of the application that the request names, or of the only one of the key', () => {
  expect(ownerOf({ applications: new Set([1, 2]) }, { sdkAppId: 2 })).toBe(2)
  expect(ownerOf({ applications: new Set([1, 2]) }, {})).toBeUndefined()
  expect(ownerOf({ applications: new Set([1]) }, {})).toBe(1)
  expect(ownerOf({ ...installation, applications: new Set([1]) }, { sdkAppId: 3 })).toBe(3)
})

test('nobody writes into the log of an application that the key is not for', () => {
  expect(ownerOf({ applications: new Set([1]) }, { sdkAppId: 2 })).toBe(1)
  expect(ownerOf({ applications: new Set([1, 3]) }, { sdkAppId: 2 })).toBeUndefined()
})

test('making an application is not in the log of the one that there is', () => {
  const access = { ...installation, applications: new Set([1]) }
  expect(ownerOf(access, {}, { isInstallation: true })).toBeUndefined()
  expect(ownerOf(access, {})).toBe(1)
})
