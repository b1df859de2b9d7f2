import { expect, test } from 'vitest'
import { appId, someCallId } from './api-house.ts'
import { managementHouse, type Who } from './management-house.ts'

type Least = 'anyone' | 'viewer' | 'operator' | 'admin' | 'installation'

/** Who may call which route at least. A route that is not here fails the first test. */
const rules: Readonly<Record<string, Least>> = {
  'GET /v1/calls': 'viewer',
  'GET /v1/calls/{id}': 'viewer',
  'GET /v1/calls/{id}/transcript': 'viewer',
  'DELETE /v1/calls/{id}/recording': 'admin',
  'POST /v1/calls/{id}/recording': 'operator',
  'DELETE /v1/calls/{id}': 'admin',
  'POST /v1/erasures': 'admin',
  'GET /v1/retention': 'viewer',
  'GET /v1/calls/{id}/sip': 'viewer',
  'POST /v1/calls/{id}/keys': 'operator',
  'GET /v1/calls/{id}/events': 'viewer',
  'GET /v1/events': 'viewer',
  'GET /v1/webhooks/dead': 'viewer',
  'POST /v1/webhooks/{id}/replay': 'operator',
  'GET /v1/webhooks': 'viewer',
  'POST /v1/webhooks': 'admin',
  'GET /v1/webhooks/{id}': 'viewer',
  'PATCH /v1/webhooks/{id}': 'admin',
  'DELETE /v1/webhooks/{id}': 'admin',
  'POST /v1/webhooks/{id}/rotate': 'admin',
  'POST /v1/webhooks/{id}/enable': 'operator',
  'POST /v1/webhooks/{id}/disable': 'operator',
  'POST /v1/webhooks/{id}/test': 'operator',
  'GET /v1/webhooks/{id}/deliveries': 'viewer',
  'GET /v1/applications': 'viewer',
  'POST /v1/applications': 'installation',
  'GET /v1/applications/{sdkAppId}': 'viewer',
  'PATCH /v1/applications/{sdkAppId}': 'installation',
  'GET /v1/applications/{sdkAppId}/keys': 'admin',
  'POST /v1/applications/{sdkAppId}/keys': 'admin',
  'GET /v1/applications/{sdkAppId}/keys/{secretId}': 'admin',
  'PATCH /v1/applications/{sdkAppId}/keys/{secretId}': 'admin',
  'POST /v1/applications/{sdkAppId}/keys/{secretId}/rotate': 'admin',
  'DELETE /v1/applications/{sdkAppId}/keys/{secretId}': 'admin',
  'GET /v1/audit': 'admin',
  'GET /v1/campaigns': 'viewer',
  'GET /v1/campaigns/{id}': 'viewer',
  'GET /v1/campaigns/{id}/callees': 'viewer',
  'POST /v1/campaigns/{id}/pause': 'operator',
  'POST /v1/campaigns/{id}/resume': 'operator',
  'POST /v1/campaigns/{id}/stop': 'operator',
  'GET /v1/skill-groups': 'viewer',
  'POST /v1/skill-groups': 'admin',
  'GET /v1/skill-groups/{id}': 'viewer',
  'PATCH /v1/skill-groups/{id}': 'admin',
  'DELETE /v1/skill-groups/{id}': 'admin',
  'GET /v1/agents': 'viewer',
  'POST /v1/agents': 'admin',
  'GET /v1/agents/{id}': 'viewer',
  'PUT /v1/agents/{id}': 'admin',
  'DELETE /v1/agents/{id}': 'admin',
  'GET /v1/agents/{id}/versions': 'viewer',
  'POST /v1/agents/{id}/publish': 'admin',
  'GET /v1/do-not-call': 'viewer',
  'POST /v1/do-not-call': 'operator',
  'POST /v1/do-not-call/import': 'operator',
  'GET /v1/do-not-call/{number}': 'viewer',
  'DELETE /v1/do-not-call/{number}': 'operator',
  'GET /v1/trunks': 'viewer',
  'POST /v1/trunks': 'admin',
  'GET /v1/trunks/{id}': 'viewer',
  'PUT /v1/trunks/{id}': 'admin',
  'DELETE /v1/trunks/{id}': 'admin',
  'POST /v1/trunks/{id}/enable': 'operator',
  'POST /v1/trunks/{id}/disable': 'operator',
  'GET /v1/trunks/{id}/status': 'viewer',
  'GET /v1/numbers': 'viewer',
  'POST /v1/numbers': 'admin',
  'GET /v1/numbers/{id}': 'viewer',
  'PUT /v1/numbers/{id}': 'admin',
  'DELETE /v1/numbers/{id}': 'admin',
  'POST /v1/numbers/{id}/enable': 'operator',
  'POST /v1/numbers/{id}/disable': 'operator',
  'GET /v1/openapi.json': 'anyone',
}

/** Of routes that refuse an empty body before they look for the thing. */
const bodies: Readonly<Record<string, object>> = {
  'POST /v1/calls/{id}/keys': { keys: '1' },
  'POST /v1/calls/{id}/recording': { action: 'pause' },
  'PUT /v1/agents/{id}': {
    name: 'Reception',
    settings: { LLMType: 'openai', APIKey: 'k', APIUrl: 'http://127.0.0.1/v1' },
  },
  'POST /v1/agents/{id}/publish': { version: 1 },
}

/** From the least to the most. */
const ranks: Readonly<Record<Least, readonly Who[]>> = {
  anyone: ['nobody', 'viewer', 'operator', 'admin', 'installation'],
  viewer: ['viewer', 'operator', 'admin', 'installation'],
  operator: ['operator', 'admin', 'installation'],
  admin: ['admin', 'installation'],
  installation: ['installation'],
}

const place: Readonly<Record<string, string>> = {
  id: someCallId,
  sdkAppId: String(appId),
  secretId: 'made1',
}
const addressOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => place[name] ?? 'x')
const split = (rule: string) => rule.split(' ') as ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string]

test('there is a rule for every route', () => {
  const routes = managementHouse().api.routes.map(({ method, path }) => `${method} ${path}`)
  expect(routes.toSorted()).toEqual(Object.keys(rules).toSorted())
})

test.each(Object.entries(rules))('%s is for %s at least', async (rule, least) => {
  const [method, path] = split(rule)
  const { ask } = managementHouse()
  for (const who of ranks.anyone) {
    // A stream would not end; a request that is wrong is refused after the role was looked at.
    const url = `${addressOf(path)}${path.endsWith('events') ? '?lastEventId=x' : ''}`
    const { statusCode } = await ask(who, method, url)
    const expected = ranks[least].includes(who) ? 'served' : who === 'nobody' ? 401 : 403
    expect([who, [401, 403].includes(statusCode) ? statusCode : 'served']).toEqual([who, expected])
  }
})

test.each(Object.keys(rules).filter((rule) => /\{(id|sdkAppId)\}/.test(rule) && rules[rule] !== 'installation'))(
  '%s answers another application as if there were nothing',
  async (rule) => {
    const [method, path] = split(rule)
    const { ask } = managementHouse()
    await ask('admin', 'POST', `/v1/applications/${appId}/keys`, { body: {} })
    const body = bodies[rule] ?? {}
    const more = { body, ifMatch: '*' }
    const missing = addressOf(path)
      .replace(someCallId, '00000000-0000-4000-8000-000000000000')
      .replace(String(appId), '77')
    const foreign = await ask('foreigner', method, addressOf(path), more)
    const nothing = await ask('foreigner', method, missing, more)
    expect([foreign.statusCode, foreign.body]).toEqual([404, nothing.body])
  },
)
