import { type Command, flag, type Job, json } from '../command.ts'
import { assertCallId } from '../engine/call.ts'
import { serverSentEvents } from '../engine/server-sent-events.ts'
import { Failure } from '../failure.ts'
import { type CallEvent, eventLine } from '../output/event-line.ts'
import { sdkAppIdQuery } from './sdk-app-id.ts'

/** How often a broken stream is taken up again, and how long is waited before. Taste. */
const tries = 10
const pauseMs = 1_000

/** Shows what happens in a call, or in all of an application. */
export const tail: Command = {
  name: 'tail',
  synopsis: '[ID] [OPTIONS]',
  summary: 'show what happens in a call while it happens; without ID in all calls from now on',
  help: [
    '--partial             words as they are recognised too',
    '--app SDKAPPID        without ID, where the key has several applications',
    '--json                an event a line, as the API has it',
  ],
  options: { ...json, partial: { type: 'boolean' }, app: { type: 'string' } },
  arguments: [0, 1],
  run: (job) => follow(job, job.positionals[0]),
}

/** Until the call is over, or for ever. A stream that breaks is taken up where it broke. @throws Failure */
export async function follow(job: Job, id: string | undefined): Promise<number> {
  const path =
    id === undefined ? `/v1/events?${new URLSearchParams(sdkAppIdQuery(job))}` : `/v1/calls/${assertCallId(id)}/events`
  let lastId: string | undefined
  let left = tries
  while (!job.signal.aborted) {
    try {
      for await (const event of stream(job, path, lastId)) {
        left = tries
        lastId = event.id ?? lastId
        const parsed = JSON.parse(event.data) as CallEvent
        show(job, parsed, id === undefined)
        if (id !== undefined && parsed.type === 'call.ended') return 0
      }
    } catch (error) {
      if (job.signal.aborted) break
      if (error instanceof Failure && (error.kind !== 'unreachable' || left === tries)) throw error
    }
    left -= 1
    if (left === 0) throw new Failure('unreachable', `the events of ${job.engine.settings.url} broke off`)
    await job.pause(pauseMs)
  }
  return 130
}

async function* stream(job: Job, path: string, lastId: string | undefined) {
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
  const response = await job.engine.fetch(path, { headers, signal: job.signal })
  if (response.status === 204) return
  if (!response.ok) {
    const { title } = (await response.json().catch(() => ({}))) as { readonly title?: string }
    throw new Failure(response.status === 401 ? 'key' : 'refused', title ?? `status ${response.status}`)
  }
  if (response.body) yield* serverSentEvents(response.body)
}

function show(job: Job, event: CallEvent, isNamed: boolean): void {
  if (event.type === 'transcript.partial' && !flag(job, 'partial')) return
  if (flag(job, 'json')) return job.terminal.out(JSON.stringify(event))
  const line = eventLine(event, job.terminal.paint)
  if (line !== undefined) job.terminal.out(isNamed ? `${event.callId.slice(0, 8)}  ${line}` : line)
}
