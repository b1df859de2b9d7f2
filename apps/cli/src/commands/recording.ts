import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, textOption } from '../command.ts'
import { findCall } from '../engine/call.ts'
import { reach } from '../engine/engine.ts'
import { Failure } from '../failure.ts'

/** Fetches the recording of a call. */
export const recording: Command = {
  name: 'recording',
  synopsis: 'ID -o FILE',
  summary: 'fetch the recording of a call',
  help: ['-o, --output FILE     where it goes; - is stdout. Never overwrites a file'],
  options: { output: { type: 'string', short: 'o' } },
  arguments: [1, 1],
  async run(job) {
    const { engine, positionals, terminal } = job
    const output = textOption(job, 'output')
    if (output === undefined) throw new Failure('usage', '--output is missing: where the recording goes')
    const call = await findCall(engine, positionals[0] ?? '')
    const { url } = call.recording ?? {}
    if (url === undefined) {
      throw new Failure('refused', call.state === 'ended' ? 'the call has no recording' : 'the call is not over yet')
    }
    const response = await reach(url, () => fetch(url, { signal: job.signal }))
    if (!response.ok || !response.body) throw new Failure('refused', `the recording: status ${response.status}`)
    const body = Readable.fromWeb(response.body)
    if (output === '-') {
      for await (const chunk of body) process.stdout.write(chunk)
      return 0
    }
    await keep(body, output)
    terminal.note(`${output}: ${call.recording?.bytes} bytes`)
    return 0
  },
}

/** @throws Failure when the file is there or cannot be written; a part of it is not left behind */
async function keep(body: Readable, output: string): Promise<void> {
  const file = createWriteStream(output, { flags: 'wx' })
  try {
    await pipeline(body, file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Failure('usage', `--output ${output}: there is such a file already`)
    await rm(output, { force: true })
    throw new Failure('refused', `the recording could not be kept: ${message}`)
  }
}
