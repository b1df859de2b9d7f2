import { type Command, flag, type Job, json, textOption } from '../command.ts'
import { allOf } from '../engine/pages.ts'
import { Failure } from '../failure.ts'
import { instantText, table } from '../output/table.ts'
import { sdkAppIdOf } from './sdk-app-id.ts'

interface Key {
  readonly secretId: string
  readonly name: string
  readonly role: string
  readonly enabled: boolean
  readonly declared: boolean
  readonly expiresAt?: string
  readonly lastUsedAt?: string
}

interface NewKey extends Key {
  readonly secretKey: string
  readonly token: string
}

/** Shows the keys of an application, makes, exchanges, switches and deletes them. */
export const keys: Command = {
  name: 'keys',
  synopsis: '[add | rotate SECRETID | enable SECRETID | disable SECRETID | delete SECRETID] [OPTIONS]',
  summary: 'show the keys of an application, make or exchange them, switch them off; needs a key of an admin',
  help: [
    '--name TEXT           with add',
    '--role ROLE           with add: admin, operator (default) or viewer',
    '--expires INSTANT     with add: 2026-01-31T08:00:00Z',
    '--grace SECONDS       with rotate: how long the old key goes on; default a day',
    '--app SDKAPPID        the application; default PARLEY_SDK_APP_ID',
    '--json                for scripts',
  ],
  options: {
    ...json,
    ...{ name: { type: 'string' }, role: { type: 'string' }, expires: { type: 'string' } },
    ...{ grace: { type: 'string' }, app: { type: 'string' } },
  },
  arguments: [0, 2],
  async run(job) {
    const [verb = 'list', secretId] = job.positionals
    const path = `/v1/applications/${sdkAppIdOf(job)}/keys`
    onlyWith(job, verb)
    if (verb === 'list' && secretId === undefined) return list(job, path)
    if (verb === 'add' && secretId === undefined) return add(job, path)
    const change = changes[verb]
    if (!change)
      throw new Failure('usage', `keys knows add, ${Object.keys(changes).join(', ')}, not ${job.positionals.join(' ')}`)
    if (secretId === undefined) throw new Failure('usage', `${verb} needs the SECRETID of a key`)
    return change(job, `${path}/${encodeURIComponent(secretId)}`)
  },
}

const changes: Readonly<Record<string, (job: Job, path: string) => Promise<number>>> = {
  rotate,
  enable: (job, path) => enable(job, path, true),
  disable: (job, path) => enable(job, path, false),
  async delete({ engine }, path) {
    await engine.json(path, { method: 'DELETE' })
    return 0
  },
}

/** @throws Failure usage, for an option that this verb has no use for */
function onlyWith({ values }: Job, verb: string): void {
  const homes = { name: 'add', role: 'add', expires: 'add', grace: 'rotate' }
  for (const [option, home] of Object.entries(homes)) {
    if (values[option] !== undefined && verb !== home) throw new Failure('usage', `--${option} goes with ${home}`)
  }
}

async function list(job: Job, path: string): Promise<number> {
  const { engine, terminal } = job
  const found = await allOf<Key>(engine, path, 'keys')
  if (flag(job, 'json')) for (const key of found) terminal.out(JSON.stringify(key))
  else {
    const rows = found.map((key) => [
      ...[key.secretId, key.role, key.enabled ? 'on' : 'off', instantText(key.expiresAt), instantText(key.lastUsedAt)],
      ...[key.declared ? 'parley.yaml' : 'API', key.name],
    ])
    for (const line of table(['SECRET ID', 'ROLE', 'STATE', 'EXPIRES', 'LAST USED', 'FROM', 'NAME'], rows))
      terminal.out(line)
  }
  return 0
}

async function add(job: Job, path: string): Promise<number> {
  const given = { name: textOption(job, 'name'), role: textOption(job, 'role'), expiresAt: textOption(job, 'expires') }
  const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return tellNew(job, await job.engine.json<NewKey>(path, { method: 'POST', body }))
}

async function rotate(job: Job, path: string): Promise<number> {
  const grace = textOption(job, 'grace')
  if (grace !== undefined && !/^\d{1,9}$/.test(grace)) throw new Failure('usage', '--grace must be a number of seconds')
  const body = grace === undefined ? {} : { graceS: Number(grace) }
  return tellNew(job, await job.engine.json<NewKey>(`${path}/rotate`, { method: 'POST', body }))
}

/** The pair as it is put into an environment; it cannot be asked for again. */
function tellNew(job: Job, key: NewKey): number {
  const { terminal } = job
  if (flag(job, 'json')) terminal.out(JSON.stringify(key))
  else {
    terminal.note('the secret is shown this once')
    terminal.out(`PARLEY_SECRET_ID=${key.secretId}`)
    terminal.out(`PARLEY_SECRET_KEY=${key.secretKey}`)
  }
  return 0
}

/** Changes the key as it is now; one that somebody else changes meanwhile is left alone. */
async function enable({ engine }: Job, path: string, enabled: boolean): Promise<number> {
  const etag = await engine.etag(path)
  await engine.json(path, { method: 'PATCH', body: { enabled }, headers: { 'if-match': etag } })
  return 0
}
