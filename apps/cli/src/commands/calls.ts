import { type Command, flag, type Job, json, textOption } from '../command.ts'
import { type Call, endOf } from '../engine/call.ts'
import { Failure } from '../failure.ts'
import { instantText, spanText, table } from '../output/table.ts'
import { sdkAppIdQuery } from './sdk-app-id.ts'

interface Page {
  readonly calls: readonly Call[]
  readonly nextCursor?: string
}

/** How many calls are looked through for those that the filters want. Taste. */
const mostLookedAt = 10_000
const pageSize = 100

/** Lists calls, newest first. */
export const calls: Command = {
  name: 'calls',
  synopsis: '[OPTIONS]',
  summary: 'list calls, newest first',
  help: [
    '--limit N             how many at most; default 20',
    '--from, --to INSTANT  when they were made: 2026-01-31 or 2026-01-31T08:00:00Z',
    '--state STATE         created (waits for a line), dialing, ringing, answered, ended; live: all but ended',
    '--outcome KIND        completed, unanswered, cancelled, expired, transferred, failed',
    '--direction D         inbound or outbound',
    '--number DIGITS       caller or callee ends with these',
    '--trunk NAME',
    '--app SDKAPPID        where the key has several applications',
    '--json                a call a line',
  ],
  options: {
    ...json,
    limit: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    state: { type: 'string' },
    outcome: { type: 'string' },
    direction: { type: 'string' },
    number: { type: 'string' },
    trunk: { type: 'string' },
    app: { type: 'string' },
  },
  arguments: [0, 0],
  async run(job) {
    const { terminal } = job
    const limit = limitOf(job)
    const wanted = filterOf(job)
    const found: Call[] = []
    let looked = 0
    let cursor: string | undefined
    do {
      const page = await pageAfter(job, cursor)
      looked += page.calls.length
      found.push(...page.calls.filter(wanted))
      cursor = page.nextCursor
    } while (cursor !== undefined && found.length < limit && looked < mostLookedAt)
    const shown = found.slice(0, limit)
    if (flag(job, 'json')) for (const call of shown) terminal.out(JSON.stringify(call))
    else for (const line of lines(shown)) terminal.out(line)
    if (cursor !== undefined && found.length < limit)
      terminal.note(`the last ${looked} calls were looked at; --from and --to bound them`)
    return 0
  },
}

function pageAfter(job: Job, cursor: string | undefined): Promise<Page> {
  const query = new URLSearchParams({ limit: String(pageSize), ...sdkAppIdQuery(job) })
  for (const name of ['from', 'to']) {
    const value = textOption(job, name)
    if (value !== undefined) query.set(name, value)
  }
  if (cursor !== undefined) query.set('cursor', cursor)
  return job.engine.json<Page>(`/v1/calls?${query}`)
}

function limitOf(job: Job): number {
  const text = textOption(job, 'limit') ?? '20'
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Failure('usage', '--limit must be a number from 1 to 99999')
  return Number(text)
}

/** What the filters can be, for a misspelt one finds nothing. */
const filterWords: Readonly<Record<string, readonly string[]>> = {
  state: ['created', 'dialing', 'ringing', 'answered', 'ended', 'live'],
  outcome: ['completed', 'unanswered', 'cancelled', 'expired', 'transferred', 'failed'],
  direction: ['inbound', 'outbound'],
}

function filterOf(job: Job): (call: Call) => boolean {
  const [state, outcome, direction, number, trunk] = ['state', 'outcome', 'direction', 'number', 'trunk'].map((name) =>
    textOption(job, name),
  )
  for (const [name, words] of Object.entries(filterWords)) {
    const word = textOption(job, name)
    if (word !== undefined && !words.includes(word))
      throw new Failure('usage', `--${name} must be one of ${words.join(', ')}`)
  }
  if (number !== undefined && !/^\+?\d+$/.test(number)) throw new Failure('usage', '--number must be digits')
  return (call) =>
    (state === undefined || (state === 'live' ? call.state !== 'ended' : call.state === state)) &&
    (outcome === undefined || call.outcome?.kind === outcome) &&
    (direction === undefined || call.direction === direction) &&
    (number === undefined || call.caller.endsWith(number) || call.callee.endsWith(number)) &&
    (trunk === undefined || call.trunk === trunk)
}

const lines = (shown: readonly Call[]): readonly string[] =>
  shown.length === 0
    ? []
    : table(
        ['ID', 'MADE', 'DIRECTION', 'CALLER', 'CALLEE', 'TALK', 'END'],
        shown.map((call) => [
          ...[call.id, instantText(call.createdAt), call.direction, call.caller, call.callee],
          ...[spanText(call.answeredAt, call.endedAt), endOf(call)],
        ]),
      )
