import type { ApplicationId } from '@parley/core'
import { wallAtStartMs } from '../../../../packages/api/test/api-house.ts'
import { callsOf, foreignAgent, handOverTo, nowS, transferTo, unknownSession, victimTasks } from './aims.ts'
import type { Request } from './isolation-house.ts'
import { blockedBy, type Tenant } from './seed-tenant.ts'

/** `as`: the application the requests say they are for, the intruder's own or the victim's. */
type Aim = (victim: Tenant, as: ApplicationId) => readonly Request[]
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

const to = (method: Method, url: string, body?: unknown, ifMatch?: string): Request => ({
  method,
  url,
  ...(body === undefined ? {} : { body }),
  ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
})
const changing = (method: Method, url: string, body?: unknown): Request => to(method, url, body, '*')

const forEachCall =
  (method: Method, tails: readonly string[], body?: unknown): Aim =>
  (victim) =>
    callsOf(victim).flatMap((id) => tails.map((tail) => to(method, `/v1/calls/${id}${tail}`, body)))

const agentWith = (fields: object) => ({
  name: 'new',
  settings: { LLMType: 'openai', APIKey: 'sk', APIUrl: 'https://model.example/v1', ...fields },
})

const onAgent =
  (method: Method, tail: string, body?: unknown): Aim =>
  (_victim, as) => [changing(method, `/v1/agents/${foreignAgent}${tail}?sdkAppId=${as}`, body)]

const onTrunk =
  (method: Method, tail: string, body?: unknown): Aim =>
  ({ trunkId }) =>
    ['*', '"1"', '"9"'].map((match) => to(method, `/v1/trunks/${trunkId}${tail}`, body, match))

/** Its own number, and its number of the shared trunk. */
const onNumber =
  (method: Method, tail: string, body?: unknown): Aim =>
  ({ numberId, sharedNumberId }, as) =>
    [numberId, sharedNumberId].map((id) => changing(method, `/v1/numbers/${id}${tail}?sdkAppId=${as}`, body))

/** A signature cannot be made without the house's key: taken from an address of one's own, it must not fit another. */
const forged =
  (path: (victim: Tenant) => string): Aim =>
  (victim, as) =>
    [as, victim.applicationId].map((app) =>
      to('GET', `${path(victim)}?app=${app}&expires=${nowS + 3_600}&signature=${'0'.repeat(64)}`),
    )

const oldCursor = Buffer.from(`1000000.${unknownSession}`).toString('base64url')

/** Keys of the configuration, made ones, and one that nobody has. */
const forKeys =
  (method: Method, tail = '', body?: unknown): Aim =>
  ({ secretId, madeSecretId }, as) =>
    [secretId, madeSecretId, 'AKIDnobody'].map((id) =>
      changing(method, `/v1/applications/${as}/keys/${id}${tail}`, body),
    )

const forGroups =
  (method: Method, body?: unknown): Aim =>
  ({ skillGroupId, madeGroupId }, as) =>
    [skillGroupId, madeGroupId, 99].map((id) => changing(method, `/v1/skill-groups/${id}?sdkAppId=${as}`, body))

const forWebhooks =
  (method: Method, tail = '', body?: unknown): Aim =>
  ({ webhook, madeWebhook }) =>
    [webhook, madeWebhook, 'wh_nobodys'].map((id) => changing(method, `/v1/webhooks/${id}${tail}`, body))

const forVictimTasks =
  (method: Method, tail: string): Aim =>
  (_victim, as) =>
    victimTasks.map(({ TaskId }) => to(method, `/v1/campaigns/${TaskId}${tail}?sdkAppId=${as}`))

/**
 * What an intruder may try, by method and route. A new route fails the test until it has a row here, as a new action in
 * action-rows.ts.
 */
export const routeRows: Readonly<Record<string, Aim>> = {
  'GET /v1/calls': ({ endedCall, liveCall }, as) => [
    to('GET', `/v1/calls?sdkAppId=${as}`),
    to('GET', `/v1/calls?sdkAppId=${as}&limit=1`),
    ...[endedCall, liveCall].map((id) => {
      const cursor = Buffer.from(`${wallAtStartMs}.${id}`).toString('base64url')
      return to('GET', `/v1/calls?sdkAppId=${as}&cursor=${cursor}`)
    }),
  ],
  'GET /v1/calls/{id}': forEachCall('GET', ['']),
  'GET /v1/calls/{id}/transcript': forEachCall('GET', [
    '/transcript',
    '/transcript?format=vtt',
    '/transcript?format=text',
  ]),
  'DELETE /v1/calls/{id}/recording': forEachCall('DELETE', ['/recording']),
  'DELETE /v1/calls/{id}': forEachCall('DELETE', ['']),
  'POST /v1/calls/{id}/recording': forEachCall('POST', ['/recording'], { action: 'pause' }),
  'POST /v1/erasures': ({ number }, as) => [
    to('POST', '/v1/erasures', { phone: number, sdkAppId: as }),
    to('POST', '/v1/erasures', { phone: number }),
  ],
  'GET /v1/retention': (_victim, as) => [
    to('GET', `/v1/retention?sdkAppId=${as}`),
    to('GET', `/v1/retention?sdkAppId=${as}&recordsDays=1&recordingsDays=1`),
  ],
  'GET /v1/calls/{id}/sip': forEachCall('GET', ['/sip', '/sip?format=text']),
  'POST /v1/calls/{id}/keys': forEachCall('POST', ['/keys'], { keys: '1' }),
  'GET /v1/calls/{id}/events': (victim) =>
    callsOf(victim).flatMap((id) => [
      to('GET', `/v1/calls/${id}/events`),
      { method: 'GET', url: `/v1/calls/${id}/events`, headers: { 'last-event-id': `${victim.endedCall}:3` } },
    ]),
  'GET /v1/trunks': (_victim, as) => [to('GET', `/v1/trunks?sdkAppId=${as}`), to('GET', '/v1/trunks?limit=1')],
  // A name that the victim has is free.
  'POST /v1/trunks': (_victim, as) => [
    to('POST', `/v1/trunks?sdkAppId=${as}`, { name: 'own', gateways: [{ host: 'sip.example' }] }),
    to('POST', `/v1/trunks?sdkAppId=${as}`, { name: 'own' }),
  ],
  'GET /v1/trunks/{id}': onTrunk('GET', ''),
  'PUT /v1/trunks/{id}': onTrunk('PUT', '', { gateways: [{ host: 'evil.example' }] }),
  'DELETE /v1/trunks/{id}': onTrunk('DELETE', ''),
  'POST /v1/trunks/{id}/enable': onTrunk('POST', '/enable'),
  'POST /v1/trunks/{id}/disable': onTrunk('POST', '/disable'),
  'GET /v1/trunks/{id}/status': onTrunk('GET', '/status'),
  'GET /v1/numbers': (_victim, as) => [to('GET', `/v1/numbers?sdkAppId=${as}`)],
  'POST /v1/numbers': ({ trunkId, ownNumber }, as) => [
    to('POST', `/v1/numbers?sdkAppId=${as}`, { trunkId, number: ownNumber }),
    to('POST', `/v1/numbers?sdkAppId=${as}`, { trunkId, number: '4711' }),
  ],
  'GET /v1/numbers/{id}': onNumber('GET', ''),
  'PUT /v1/numbers/{id}': onNumber('PUT', '', { outbound: true }),
  'DELETE /v1/numbers/{id}': onNumber('DELETE', ''),
  'POST /v1/numbers/{id}/enable': onNumber('POST', '/enable'),
  'POST /v1/numbers/{id}/disable': onNumber('POST', '/disable'),
  'GET /v1/agents': (_victim, as) => [to('GET', `/v1/agents?sdkAppId=${as}`)],
  'POST /v1/agents': ({ skillGroupId }, as) => [
    to('POST', `/v1/agents?sdkAppId=${as}`, agentWith({ ...transferTo(skillGroupId) })),
    to('POST', `/v1/agents?sdkAppId=${as}`, agentWith(handOverTo(foreignAgent))),
  ],
  'GET /v1/agents/{id}': onAgent('GET', ''),
  'PUT /v1/agents/{id}': onAgent('PUT', '', agentWith({})),
  'DELETE /v1/agents/{id}': onAgent('DELETE', ''),
  'GET /v1/agents/{id}/versions': onAgent('GET', '/versions'),
  'POST /v1/agents/{id}/publish': onAgent('POST', '/publish', { version: 1 }),
  'GET /v1/webhooks/dead': () => [to('GET', '/v1/webhooks/dead?limit=1000')],
  'GET /v1/webhooks': (_victim, as) => [to('GET', `/v1/webhooks?sdkAppId=${as}`)],
  'POST /v1/webhooks': ({ applicationId: id }) => [
    to('POST', `/v1/webhooks?sdkAppId=${id}`, { name: 'x', url: 'https://crm.example/x', events: ['call.ended'] }),
  ],
  'GET /v1/webhooks/{id}': forWebhooks('GET'),
  'PATCH /v1/webhooks/{id}': forWebhooks('PATCH', '', { name: 'x' }),
  'DELETE /v1/webhooks/{id}': forWebhooks('DELETE'),
  'POST /v1/webhooks/{id}/rotate': forWebhooks('POST', '/rotate', {}),
  'POST /v1/webhooks/{id}/enable': forWebhooks('POST', '/enable'),
  'POST /v1/webhooks/{id}/disable': forWebhooks('POST', '/disable'),
  'POST /v1/webhooks/{id}/test': forWebhooks('POST', '/test'),
  'GET /v1/webhooks/{id}/deliveries': forWebhooks('GET', '/deliveries'),
  'POST /v1/webhooks/{id}/replay': ({ webhook, madeWebhook, pushId }) => [
    to('POST', `/v1/webhooks/${webhook}/replay`),
    to('POST', `/v1/webhooks/${madeWebhook}/replay`),
    to('POST', `/v1/webhooks/${webhook}/replay`, { ids: [pushId] }),
    to('POST', '/v1/webhooks/intruder-crm/replay', { ids: [pushId] }),
  ],
  'GET /v1/applications': () => [to('GET', '/v1/applications')],
  'POST /v1/applications': ({ applicationId: id }) => [to('POST', '/v1/applications', { sdkAppId: id })],
  'GET /v1/applications/{sdkAppId}': (_victim, as) => [to('GET', `/v1/applications/${as}`)],
  'PATCH /v1/applications/{sdkAppId}': (_victim, as) => [
    changing('PATCH', `/v1/applications/${as}`, { enabled: false }),
  ],
  'GET /v1/applications/{sdkAppId}/keys': ({ applicationId: id }) => [to('GET', `/v1/applications/${id}/keys`)],
  'POST /v1/applications/{sdkAppId}/keys': ({ applicationId: id }) => [to('POST', `/v1/applications/${id}/keys`, {})],
  'GET /v1/applications/{sdkAppId}/keys/{secretId}': forKeys('GET'),
  'PATCH /v1/applications/{sdkAppId}/keys/{secretId}': forKeys('PATCH', '', { enabled: false }),
  'DELETE /v1/applications/{sdkAppId}/keys/{secretId}': forKeys('DELETE'),
  'POST /v1/applications/{sdkAppId}/keys/{secretId}/rotate': forKeys('POST', '/rotate', {}),
  'GET /v1/skill-groups': (_victim, as) => [to('GET', `/v1/skill-groups?sdkAppId=${as}`)],
  'POST /v1/skill-groups': ({ applicationId: id }) => [to('POST', `/v1/skill-groups?sdkAppId=${id}`, { name: 'x' })],
  'GET /v1/skill-groups/{id}': forGroups('GET'),
  'PATCH /v1/skill-groups/{id}': forGroups('PATCH', { name: 'x' }),
  'DELETE /v1/skill-groups/{id}': forGroups('DELETE'),
  // What the requests of this table leave there bears dates: from before them.
  'GET /v1/audit': () => [to('GET', `/v1/audit?cursor=${oldCursor}`)],
  'GET /v1/campaigns': (_victim, as) => [
    to('GET', `/v1/campaigns?sdkAppId=${as}`),
    to('GET', `/v1/campaigns?sdkAppId=${as}&cursor=${Buffer.from('3').toString('base64url')}`),
  ],
  'GET /v1/campaigns/{id}': forVictimTasks('GET', ''),
  'GET /v1/campaigns/{id}/callees': forVictimTasks('GET', '/callees'),
  'POST /v1/campaigns/{id}/pause': forVictimTasks('POST', '/pause'),
  'POST /v1/campaigns/{id}/resume': forVictimTasks('POST', '/resume'),
  'POST /v1/campaigns/{id}/stop': forVictimTasks('POST', '/stop'),
  'GET /v1/do-not-call': (_victim, as) => [to('GET', `/v1/do-not-call?sdkAppId=${as}`)],
  'POST /v1/do-not-call': ({ number }, as) => [to('POST', `/v1/do-not-call?sdkAppId=${as}`, { numbers: [number] })],
  'POST /v1/do-not-call/import': ({ number }, as) => [to('POST', `/v1/do-not-call/import?sdkAppId=${as}`, [number])],
  'GET /v1/do-not-call/{number}': (victim, as) => [to('GET', `/v1/do-not-call/${blockedBy(victim)}?sdkAppId=${as}`)],
  'DELETE /v1/do-not-call/{number}': (victim, as) => [
    to('DELETE', `/v1/do-not-call/${blockedBy(victim)}?sdkAppId=${as}`),
  ],
  'GET /recordings/*': forged(({ endedCall }) => `/recordings/${endedCall}.wav`),
  'GET /transcripts/*': forged(({ endedCall }) => `/transcripts/${endedCall}.json`),
}

/** Routes on nothing of a tenant, and those that a test of its own looks at. */
export const otherRoutes: ReadonlySet<string> = new Set([
  'GET /v1/openapi.json',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET *',
  'POST *',
  'HEAD /recordings/*',
  'HEAD /transcripts/*',
  // Never ends; see the test of streams.
  'GET /v1/events',
])
