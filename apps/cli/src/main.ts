import { setTimeout as pause } from 'node:timers/promises'
import { openTerminal } from './output/terminal.ts'
import { run } from './run.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
// `parley calls | head` ends the pipe early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await run(process.argv.slice(2), openTerminal(process.stdout, process.stderr, process.env), {
  environment: process.env,
  wallMs: () => Date.now(),
  signal: stop.signal,
  pause: (ms) => pause(ms, undefined, { signal: stop.signal }).catch(() => undefined),
})
