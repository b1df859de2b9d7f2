import { type Command, flag, json } from '../command.ts'
import { assertCallId } from '../engine/call.ts'
import { Failure } from '../failure.ts'

/** Shows what was said in a call. */
export const transcript: Command = {
  name: 'transcript',
  synopsis: 'ID [--vtt | --json]',
  summary: 'show what was said in a call so far',
  help: [
    '--vtt                 WebVTT, which plays along with the recording',
    '--json                as the API has it',
  ],
  options: { ...json, vtt: { type: 'boolean' } },
  arguments: [1, 1],
  async run(job) {
    if (flag(job, 'vtt') && flag(job, 'json')) throw new Failure('usage', '--vtt does not go with --json')
    const format = flag(job, 'vtt') ? 'vtt' : flag(job, 'json') ? 'json' : 'text'
    const text = await job.engine.text(
      `/v1/calls/${assertCallId(job.positionals[0] ?? '')}/transcript?format=${format}`,
    )
    job.terminal.out(text.replace(/\n$/, ''))
    return 0
  },
}

/** Shows the SIP messages of a call. */
export const sip: Command = {
  name: 'sip',
  synopsis: 'ID [--json]',
  summary: 'draw the SIP messages of a call',
  help: ['--json                as the API has it'],
  options: json,
  arguments: [1, 1],
  async run(job) {
    const format = flag(job, 'json') ? 'json' : 'text'
    const text = await job.engine.text(`/v1/calls/${assertCallId(job.positionals[0] ?? '')}/sip?format=${format}`)
    job.terminal.out(text.replace(/\n$/, ''))
    return 0
  },
}
