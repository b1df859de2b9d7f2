import type { CallbackAuth, CampaignCallback, CampaignPush } from '@parley/core'
import { promptVariables } from '../assistant/prompt-variables.ts'

/** Body of a callback: what is known of the call, and over it the members the task asks for, placeholders filled. */
export function callbackBody(push: Pick<CampaignPush, 'applicationId' | 'callId'>, callback: CampaignCallback): string {
  const { campaignId, callee, status, tags, uui, trigger } = callback
  const values = Object.entries(callback.variables).map(([Key, Value]) => ({ Key, Value }))
  const { fill } = promptVariables([], values)
  const params = Object.entries(trigger.params).map(([key, value]) => [
    key,
    typeof value === 'string' ? fill(value) : value,
  ])
  return JSON.stringify({
    SdkAppId: push.applicationId,
    TaskId: campaignId,
    SessionId: push.callId,
    Callee: callee,
    EndStatus: status,
    Tags: tags.map(({ name, value }) => ({ TagName: name, TagValue: value })),
    ...(uui !== undefined && { UUI: uui }),
    ...Object.fromEntries(params),
  })
}

/** Headers that authorise a request; those of OAuth2 need a token first. */
export function authHeaders(
  auth: Exclude<CallbackAuth, { readonly kind: 'oauth2' }>,
): Readonly<Record<string, string>> {
  switch (auth.kind) {
    case 'none':
      return {}
    case 'basic':
      return { authorization: `Basic ${auth.token.includes(':') ? base64(auth.token) : auth.token}` }
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` }
    case 'header':
      return { [auth.name.toLowerCase()]: auth.value }
    default:
      return auth satisfies never
  }
}

/** Request for a token by client credentials. @see RFC 6749 sections 2.3.1 and 4.4 */
export function tokenRequest({ clientId, clientSecret }: Extract<CallbackAuth, { readonly kind: 'oauth2' }>) {
  const credentials = base64(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
  return {
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
