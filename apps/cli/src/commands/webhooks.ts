import { type Command, flag, type Job, json, textsOption } from '../command.ts'
import { allOf } from '../engine/pages.ts'
import { Failure } from '../failure.ts'
import { instantText, table } from '../output/table.ts'
import { sdkAppIdQuery } from './sdk-app-id.ts'

interface Webhook {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly format: string
  readonly events: readonly string[]
  readonly enabled: boolean
  readonly declared: boolean
}

interface Delivery {
  readonly id: string
  readonly event: string
  readonly callId?: string
  readonly state: string
  readonly tries: number
  readonly triedAt?: string
  readonly status?: number
  readonly reason?: string
}

interface DeadPush {
  readonly id: string
  readonly webhook: string
  readonly event: string
  readonly callId?: string
  readonly tries: number
  readonly reason: string
  readonly diedAt: string
}

/** Lists webhooks, what they were told and what they could not be told; has dead pushes tried again. */
export const webhooks: Command = {
  name: 'webhooks',
  synopsis: '[dead | deliveries ID | test ID | replay ID [--id PUSH]...] [--app SDKAPPID] [--json]',
  summary: 'show webhooks, their deliveries, pushes that are not tried any more; send a test, or try dead pushes again',
  help: [
    '--id PUSH             with replay: this one; may be repeated; default all of the webhook',
    '--app SDKAPPID        the application; default PARLEY_SDK_APP_ID',
    '--json                for scripts',
  ],
  options: { ...json, id: { type: 'string', multiple: true }, app: { type: 'string' } },
  arguments: [0, 2],
  async run(job) {
    const [verb = 'list', id] = job.positionals
    const whole = { list, dead }[verb]
    if (whole && id === undefined) return whole(job)
    const work = { deliveries, test, replay }[verb]
    if (!work || whole) {
      throw new Failure('usage', `webhooks knows dead, deliveries, test and replay, not ${job.positionals.join(' ')}`)
    }
    if (id === undefined) throw new Failure('usage', `${verb} needs the ID of one webhook`)
    return work(job, `/v1/webhooks/${encodeURIComponent(id)}`)
  },
}

async function list(job: Job): Promise<number> {
  const found = await allOf<Webhook>(job.engine, '/v1/webhooks', 'webhooks', sdkAppIdQuery(job))
  return show(job, found, ['ID', 'STATE', 'FORMAT', 'FROM', 'EVENTS', 'NAME', 'URL'], (webhook) => [
    ...[webhook.id, webhook.enabled ? 'on' : 'off', webhook.format, webhook.declared ? 'parley.yaml' : 'API'],
    ...[webhook.events.join(','), webhook.name, webhook.url],
  ])
}

async function dead(job: Job): Promise<number> {
  const { pushes } = await job.engine.json<{ readonly pushes: readonly DeadPush[] }>('/v1/webhooks/dead?limit=1000')
  if (pushes.length === 0 && !flag(job, 'json')) job.terminal.note('no push is dead')
  if (pushes.length === 0) return 0
  return show(job, pushes, ['ID', 'WEBHOOK', 'EVENT', 'CALL', 'DEAD SINCE', 'TRIES', 'WHY'], (push) => [
    ...[push.id, push.webhook, push.event, push.callId ?? '-', instantText(push.diedAt), String(push.tries)],
    push.reason,
  ])
}

async function deliveries(job: Job, path: string): Promise<number> {
  const found = await allOf<Delivery>(job.engine, `${path}/deliveries`, 'deliveries')
  return show(job, found, ['ID', 'EVENT', 'CALL', 'STATE', 'TRIED', 'TRIES', 'STATUS', 'WHY'], (delivery) => [
    ...[delivery.id, delivery.event, delivery.callId ?? '-', delivery.state, instantText(delivery.triedAt)],
    ...[String(delivery.tries), String(delivery.status ?? '-'), delivery.reason ?? ''],
  ])
}

async function test(job: Job, path: string): Promise<number> {
  const answer = await job.engine.json<{ readonly id: string }>(`${path}/test`, { method: 'POST' })
  job.terminal.out(flag(job, 'json') ? JSON.stringify(answer) : answer.id)
  return 0
}

async function replay(job: Job, path: string): Promise<number> {
  const ids = textsOption(job, 'id')
  const body = ids.length > 0 ? { ids } : {}
  const answer = await job.engine.json<{ readonly replayed: number }>(`${path}/replay`, { method: 'POST', body })
  const said = `${answer.replayed} ${answer.replayed === 1 ? 'push is' : 'pushes are'} tried again`
  job.terminal.out(flag(job, 'json') ? JSON.stringify(answer) : said)
  return 0
}

function show<Row>(
  job: Job,
  found: readonly Row[],
  head: readonly string[],
  cells: (row: Row) => readonly string[],
): number {
  const lines = flag(job, 'json') ? found.map((row) => JSON.stringify(row)) : table(head, found.map(cells))
  for (const line of lines) job.terminal.out(line)
  return 0
}
