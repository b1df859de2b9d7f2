import { type Command, flag, json } from '../command.ts'
import { allOf } from '../engine/pages.ts'
import { table } from '../output/table.ts'
import { sdkAppIdQuery } from './sdk-app-id.ts'

interface Trunk {
  readonly id: number
  readonly name: string
  readonly enabled: boolean
}

interface Status {
  readonly callsNow: number
  readonly up: boolean
  readonly registered?: boolean
  readonly lastFailure?: string
}

/** Shows how the trunks of an application do. */
export const trunks: Command = {
  name: 'trunks',
  synopsis: '[--app SDKAPPID] [--json]',
  summary: 'show how the trunks do on the asked engine',
  help: ['--app SDKAPPID        where the key has several applications', '--json                a trunk a line'],
  options: { ...json, app: { type: 'string' } },
  arguments: [0, 0],
  async run(job) {
    const { engine, terminal } = job
    const list = await allOf<Trunk>(engine, '/v1/trunks', 'trunks', sdkAppIdQuery(job))
    const rows: string[][] = []
    for (const trunk of list) {
      const status = await engine.json<Status>(`/v1/trunks/${trunk.id}/status`)
      if (flag(job, 'json')) terminal.out(JSON.stringify({ ...trunk, status }))
      else rows.push(row(trunk, status))
    }
    if (list.length === 0) terminal.note('the application has no trunk')
    if (rows.length === 0) return 0
    for (const line of table(['ID', 'NAME', 'STATE', 'REGISTERED', 'CALLS', 'LAST FAILURE'], rows)) terminal.out(line)
    return 0
  },
}

function row({ id, name, enabled }: Trunk, { up, registered, callsNow, lastFailure }: Status): string[] {
  const state = enabled ? (up ? 'up' : 'down') : 'disabled'
  const registration = registered === undefined ? '-' : registered ? 'yes' : 'no'
  return [String(id), name, state, registration, String(callsNow), lastFailure ?? '-']
}
