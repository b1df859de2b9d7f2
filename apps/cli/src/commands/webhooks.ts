import { type Command, flag, type Job, json, textsOption } from '../command.ts'
import { Failure } from '../failure.ts'
import { instantText, table } from '../output/table.ts'

interface DeadPush {
  readonly id: string
  readonly webhook: string
  readonly event: string
  readonly callId: string
  readonly tries: number
  readonly reason: string
  readonly diedAt: string
}

/** Lists pushes that are not tried any more, and has them tried again. */
export const webhooks: Command = {
  name: 'webhooks',
  synopsis: '[dead | replay NAME [--id ID]...] [--json]',
  summary: 'list pushes that are not tried any more, or have them tried again',
  help: [
    '--id ID               with replay: this one; may be repeated; default all of NAME',
    '--json                for scripts',
  ],
  options: { ...json, id: { type: 'string', multiple: true } },
  arguments: [0, 2],
  async run(job) {
    const [what = 'dead', name, ...rest] = job.positionals
    if (what === 'dead' && name === undefined) return listDead(job)
    if (what !== 'replay')
      throw new Failure('usage', `webhooks knows dead and replay, not ${job.positionals.join(' ')}`)
    if (name === undefined || rest.length > 0) throw new Failure('usage', 'replay needs the NAME of one webhook')
    const ids = textsOption(job, 'id')
    const body = ids.length > 0 ? { ids } : {}
    const answer = await job.engine.json<{ readonly replayed: number }>(
      `/v1/webhooks/${encodeURIComponent(name)}/replay`,
      { method: 'POST', body },
    )
    job.terminal.out(
      flag(job, 'json')
        ? JSON.stringify(answer)
        : `${answer.replayed} ${answer.replayed === 1 ? 'push is' : 'pushes are'} tried again`,
    )
    return 0
  },
}

async function listDead(job: Job): Promise<number> {
  const { terminal, engine } = job
  const { pushes } = await engine.json<{ readonly pushes: readonly DeadPush[] }>('/v1/webhooks/dead?limit=1000')
  if (flag(job, 'json')) for (const push of pushes) terminal.out(JSON.stringify(push))
  else if (pushes.length === 0) terminal.note('no push is dead')
  else {
    const rows = pushes.map(({ id, webhook, event, callId, tries, reason, diedAt }) => [
      ...[id, webhook, event, callId, instantText(diedAt), String(tries), reason],
    ])
    for (const line of table(['ID', 'WEBHOOK', 'EVENT', 'CALL', 'DEAD SINCE', 'TRIES', 'WHY'], rows)) terminal.out(line)
  }
  return 0
}
