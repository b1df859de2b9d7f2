import type { Route } from '../../src/management/route.ts'
import { appId, someCallId } from '../api-house.ts'
import { authorizationOf, type Who } from '../management-house.ts'
import type { Fuzzer } from './fuzzer.ts'
import { nastyTexts } from './fuzzer.ts'

/** A request before its headers are damaged. */
interface PlainRequest {
  readonly method: string
  readonly path: string
  readonly target: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const who: readonly Who[] = ['viewer', 'operator', 'admin', 'admin', 'installation', 'installation', 'nobody']
const places: Readonly<Record<string, readonly string[]>> = {
  id: [someCallId, '7', '1000001', '0', '-1', '1e9'],
  sdkAppId: [String(appId), '1400000007', '0', '99999999999999999999'],
  secretId: ['made1', 'made2', 'viewer', 'AKID'],
  name: ['crm', 'x'],
}
const bodies: readonly Readonly<Record<string, unknown>>[] = [
  { name: 'a', role: 'viewer', enabled: true },
  { name: 'b', targets: [{ number: '+49301', trunk: 'main' }], mode: 'refer', ringMs: 2_000 },
  { sdkAppId: 12, name: 'c' },
  { keys: '12#' },
  { graceS: 5 },
  { ids: [someCallId] },
  { role: 'operator', expiresAt: '2030-01-01T00:00:00Z' },
  {},
]
const queries = ['sdkAppId', 'limit', 'cursor', 'from', 'to', 'format', 'lastEventId']

/** A request to a route of `/v1` but for streams, sound or damaged in its path, query or body. */
export function managementRequest(fuzzer: Fuzzer, routes: readonly Route[]): PlainRequest {
  const { random } = fuzzer
  const route = random.pick(routes.filter(({ path }) => !path.endsWith('/events')))
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = random.pick(fuzzer.once(6) ? nastyTexts : (places[name] ?? ['x']))
    return encodeURIComponent(value.toWellFormed().slice(0, 300))
  })
  const query = Array.from({ length: random.between(0, 2) }, () => {
    const value = random.pick([...nastyTexts, String(appId), '10', '2026-01-01', 'json', 'eHg'])
    return `${random.pick(queries)}=${encodeURIComponent(value.toWellFormed())}`
  })
  if (fuzzer.once(2)) query.push(`sdkAppId=${appId}`)
  const parameters = fuzzer.parameters(random.pick(bodies), ['name', 'role', 'targets', 'keys', 'enabled', 'sdkAppId'])
  const text = JSON.stringify(parameters).toWellFormed()
  const body = route.method === 'GET' ? '' : fuzzer.once(5) ? fuzzer.damage(text) : text
  const ifMatch = random.pick(['*', '"1"', '"2"', 'W/"1"', 'x', ''])
  return {
    method: fuzzer.once(20) ? random.pick(['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) : route.method,
    path,
    target: query.length > 0 ? `${path}?${query.join('&')}` : path,
    body: body.toWellFormed(),
    headers: {
      host: 'api.test',
      authorization: authorizationOf(random.pick(who)),
      'content-type': 'application/json',
      ...(ifMatch && { 'if-match': ifMatch }),
    },
  }
}
