import {
  isInternalHost,
  isWebhookAddress,
  type NewWebhook,
  Secret,
  type Webhook,
  type WebhookBook,
  type WebhookChange,
  webhookTimeoutMs,
} from '@parley/core'
import { z } from 'zod'
import type { Access } from '../management/access.ts'
import { changeRefusals, outcomeOf } from '../management/outcome.ts'
import { pageMembers, pageOf, pageWith, placeOfText, textCursor } from '../management/page.ts'
import { ownerMember, ownerOf } from '../management/page-query.ts'
import { Problem } from '../management/problem.ts'
import { empty, json, type Route, route } from '../management/route.ts'
import { deliveryCursor, deliveryPlace } from './delivery-cursor.ts'
import {
  deliveryJson,
  deliverySchema,
  type EventWord,
  eventsOf,
  newWebhookSchema,
  webhookJson,
  webhookMembers,
  webhookSchema,
} from './webhook-json.ts'

const missing = 'no such webhook'
const path = '/v1/webhooks/{id}'
/** As ids of receivers may be; no other is looked for. */
const params = z.object({ id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/) })
const one = { tag: 'webhooks', params, missing } as const

const newWebhook = z.strictObject({
  name: webhookMembers.name,
  url: webhookMembers.url,
  format: z.enum(['standard', 'ccc']).default('standard'),
  events: webhookMembers.events,
  timeoutMs: webhookMembers.timeoutMs.default(webhookTimeoutMs.default),
  auth: webhookMembers.auth.exactOptional(),
})
const changedWebhook = z.strictObject({
  name: webhookMembers.name.exactOptional(),
  url: webhookMembers.url.exactOptional(),
  events: webhookMembers.events.exactOptional(),
  timeoutMs: webhookMembers.timeoutMs.exactOptional(),
  auth: webhookMembers.auth.exactOptional(),
})
const maxGraceS = 30 * 86_400
/** A day: long enough to give a receiver the new secret. Taste. */
const defaultGraceS = 86_400

export interface WebhookRoutes {
  readonly book: WebhookBook
  readonly allowPrivateUrls: boolean
}

/** Receivers of pushes: those of parley.yaml, shown, and those made here. Another application's is not there. */
export function webhookRoutes({ book, allowPrivateUrls }: WebhookRoutes): readonly Route[] {
  const find = async (id: string, { applications }: Access): Promise<Webhook> => {
    const webhook = await book.find([...applications], id)
    if (!webhook) throw new Problem(404, missing)
    return webhook
  }
  const shown = (webhook: Webhook) => json(webhookJson(webhook), { version: webhook.version })
  const made = ({ webhook, secret }: NewWebhook) =>
    json(
      { ...webhookJson(webhook), ...(secret && { secret: secret.reveal() }) },
      { version: webhook.version, location: `/v1/webhooks/${webhook.id}` },
    )

  /** @throws Problem 400 */
  const checkUrl = (url: string) => {
    if (!isWebhookAddress(url))
      throw wrong('url', 'must be an http or https address without user, password and fragment')
    if (!allowPrivateUrls && isInternalHost(new URL(url).hostname))
      throw wrong('url', 'must not name a private address')
  }

  const enable = (verb: 'enable' | 'disable', summary: string): Route =>
    route({
      ...one,
      method: 'POST',
      path: `${path}/${verb}`,
      summary,
      role: 'operator',
      answer: { status: 200, schema: webhookSchema },
      refusals: changeRefusals,
      handle: async ({ params: { id }, access }) =>
        shown(outcomeOf(await book.enable([...access.applications], id, verb === 'enable'), 'webhook')),
    })

  return [
    route({
      method: 'GET',
      path: '/v1/webhooks',
      tag: 'webhooks',
      summary: 'Webhooks of an application, without their secrets',
      role: 'viewer',
      query: z.object({ ...ownerMember, ...pageMembers }),
      answer: { status: 200, schema: pageOf('webhooks', webhookSchema) },
      refusals: { 404: 'no such application' },
      async handle({ query, access }) {
        const found = await book.list(ownerOf(query, access), placeOfText(query.cursor), query.limit + 1)
        const cursorOf = ({ id }: Webhook) => textCursor(id)
        return json(pageWith('webhooks', found, query.limit, { shown: webhookJson, cursorOf }))
      },
    }),
    route({
      method: 'POST',
      path: '/v1/webhooks',
      tag: 'webhooks',
      summary: 'Make a webhook; every engine takes it up at once',
      role: 'admin',
      query: z.object(ownerMember),
      body: newWebhook,
      answer: { status: 201, schema: newWebhookSchema },
      refusals: { 404: 'no such application', 409: 'the application has as many as it may have' },
      async handle({ query, body: { auth, events: words, ...rest }, access }) {
        const owner = ownerOf(query, access)
        checkUrl(rest.url)
        if (auth) checkAuth(rest.format, auth)
        const events = checkedEvents(rest.format, words)
        const settings = { ...rest, events, ...(auth && { username: auth.username }) }
        const change = await book.create(owner, settings, auth && new Secret(auth.password))
        return made(outcomeOf(notFull(change), 'application'))
      },
    }),
    route({
      ...one,
      method: 'GET',
      path,
      summary: 'One webhook, without its secret',
      role: 'viewer',
      answer: { status: 200, schema: webhookSchema },
      handle: async ({ params: { id }, access }) => shown(await find(id, access)),
    }),
    route({
      ...one,
      method: 'PATCH',
      path,
      summary: 'Change a webhook; the next try goes by it',
      role: 'admin',
      body: changedWebhook,
      ifMatch: true,
      answer: { status: 200, schema: webhookSchema },
      refusals: changeRefusals,
      async handle({ params: { id }, body: { auth, events: words, ...rest }, version, access }) {
        const { format, username, url, declared } = await find(id, access)
        if (declared) outcomeOf({ kind: 'declared' }, 'webhook')
        if (rest.url !== undefined) checkUrl(rest.url)
        if (auth) checkAuth(format, auth)
        // Nobody learns a stored password by sending it elsewhere.
        const isElsewhere = rest.url !== undefined && new URL(rest.url).origin !== new URL(url).origin
        if (username && isElsewhere && !auth) throw wrong('auth', 'must be given again for another host')
        const to = {
          ...rest,
          ...(words && { events: checkedEvents(format, words) }),
          ...(auth && { username: auth.username }),
        }
        const password = auth && new Secret(auth.password)
        return shown(outcomeOf(await book.change([...access.applications], id, version, to, password), 'webhook'))
      },
    }),
    route({
      ...one,
      method: 'DELETE',
      path,
      summary: 'Delete a webhook; nothing is sent to it any more',
      role: 'admin',
      answer: { status: 204 },
      refusals: changeRefusals,
      async handle({ params: { id }, access }) {
        outcomeOf(await book.remove([...access.applications], id), 'webhook')
        return empty
      },
    }),
    route({
      ...one,
      method: 'POST',
      path: `${path}/rotate`,
      summary: 'Give a webhook a new secret; the old one signs too for a while',
      role: 'admin',
      body: z.strictObject({
        graceS: z.int().min(0).max(maxGraceS).default(defaultGraceS).describe('Seconds that the old secret goes on'),
      }),
      answer: { status: 200, schema: newWebhookSchema },
      refusals: { 409: 'declared in parley.yaml, or of a format without secrets' },
      async handle({ params: { id }, body, access }) {
        const { format, declared } = await find(id, access)
        if (!declared && format !== 'standard') throw new Problem(409, 'the format has no secret to rotate')
        return made(outcomeOf(await book.rotate([...access.applications], id, body.graceS * 1_000), 'webhook'))
      },
    }),
    enable('enable', 'Tell a webhook again'),
    enable('disable', 'Tell a webhook nothing more; what waits for it is dead'),
    route({
      ...one,
      method: 'POST',
      path: `${path}/test`,
      summary: 'Send a test event, once; see deliveries for how it went',
      role: 'operator',
      answer: { status: 202, schema: z.object({ id: z.string().describe('Of the delivery') }) },
      refusals: { 409: 'switched off, or of a format without tests' },
      async handle({ params: { id }, access }) {
        const { format } = await find(id, access)
        if (format !== 'standard') throw new Problem(409, 'the format has no test event')
        const push = await book.test([...access.applications], id)
        if (push === undefined) throw new Problem(409, 'the webhook is switched off')
        return json({ id: push })
      },
    }),
    route({
      ...one,
      method: 'GET',
      path: `${path}/deliveries`,
      summary: 'What a webhook was told in the last 30 days, and how the last try went; the latest first',
      role: 'viewer',
      query: z.object(pageMembers),
      answer: { status: 200, schema: pageOf('deliveries', deliverySchema) },
      async handle({ params: { id }, query: { cursor, limit }, access }) {
        const webhook = await find(id, access)
        const found = await book.deliveries(webhook.id, deliveryPlace(cursor), limit + 1)
        return json(pageWith('deliveries', found, limit, { shown: deliveryJson, cursorOf: deliveryCursor }))
      },
    }),
  ]
}

function wrong(field: string, detail: string): Problem {
  return new Problem(400, `${field} ${detail}`, { errors: [{ in: 'body', field, detail }] })
}

/** @throws Problem 400 */
function checkedEvents(format: Webhook['format'], words: readonly EventWord[]) {
  const events = eventsOf(format, words)
  if (!events) throw wrong('events', `must be events of the format ${format}`)
  return events
}

/** @throws Problem 400 */
function checkAuth(format: Webhook['format'], { username }: { readonly username: string }) {
  if (format !== 'ccc') throw wrong('auth', 'is for the format ccc only')
  if (username.includes(':')) throw wrong('auth.username', 'must not hold a colon')
}

/** @throws Problem 409 */
function notFull<Value>(change: WebhookChange<Value>) {
  if (change.kind === 'full') throw new Problem(409, 'the application has as many webhooks as it may have')
  return change
}
