import { applicationId, type Role, Secret } from '@parley/core'
import type { ApiOptions } from '../src/api-options.ts'
import { apiHouse, appId, finishedCall, secretId, secretKey } from './api-house.ts'
import { FakeManagement } from './fake-management.ts'
import { FakeSkillGroups } from './fake-skill-groups.ts'

export const adminToken = 'token-of-the-installation'
export const otherApp = 1400000007
export type Who = Role | 'foreigner' | 'installation' | 'nobody'

/** `foreigner`: an admin of another application. */
export const authorizationOf = (who: Who): string =>
  who === 'installation' ? `Bearer ${adminToken}` : `Basic ${btoa(`${who}:${who}-secret`)}`

/** An API over fakes with every route of `/v1`, a key for each role, and a call. */
export function managementHouse(options: Partial<ApiOptions> = {}) {
  const management = new FakeManagement()
  management.add(appId, { declared: true, name: 'declared' })
  management.add(otherApp)
  const key = (who: Role | 'foreigner') => ({
    secretId: who,
    secretKey: new Secret(`${who}-secret`),
    role: who === 'foreigner' ? ('admin' as const) : who,
  })
  const desk = new FakeSkillGroups()
  const house = apiHouse({
    management,
    skillGroupDesk: desk,
    adminToken: new Secret(adminToken),
    applications: [
      {
        applicationId: applicationId(appId),
        keys: [key('viewer'), key('operator'), key('admin'), { secretId, secretKey: new Secret(secretKey) }],
      },
      { applicationId: applicationId(otherApp), keys: [key('foreigner')] },
    ],
    ...options,
  })
  house.records.calls.push(finishedCall())
  const ask = (
    who: Who,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    { body, ifMatch }: { readonly body?: unknown; readonly ifMatch?: string } = {},
  ) =>
    house.api.server.inject({
      method,
      url,
      headers: {
        authorization: authorizationOf(who),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return { ...house, management, desk, ask }
}
