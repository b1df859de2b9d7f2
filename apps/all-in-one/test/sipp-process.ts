import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const limitMs = 20_000
const running = new Set<ChildProcess>()

/** In CI a missing sipp fails the tests instead of skipping them. */
export const sippAvailable = spawnSync('sipp', ['-v']).error === undefined || process.env.CI !== undefined

/** Plays a scenario, of the folder `sipp` or as its text, once; the exit code is 0 when every message came and went as written. */
export async function runSipp(
  scenario: string,
  port: number,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly log: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-sipp-'))
  const isText = scenario.startsWith('<')
  const file = isText ? join(directory, 'x.xml') : fileURLToPath(new URL(`./sipp/${scenario}.xml`, import.meta.url))
  if (isText) writeFileSync(file, scenario)
  const errors = join(directory, 'errors')
  const child = spawn(
    'sipp',
    [
      ...['-sf', file, '-i', '127.0.0.1', '-p', String(port), '-m', '1', '-nostdin'],
      ...['-timeout', `${limitMs / 1000}s`, '-timeout_error', '-trace_err', '-error_file', errors],
      ...args,
    ],
    { cwd: directory, env: { PATH: process.env.PATH ?? '', TERM: 'dumb' }, stdio: 'ignore' },
  )
  running.add(child)
  const guard = setTimeout(() => child.kill('SIGKILL'), limitMs + 2_000)
  await once(child, 'exit')
  clearTimeout(guard)
  running.delete(child)
  const log = existsSync(errors) ? complaints(readFileSync(errors, 'utf8')).slice(0, 3_000) : ''
  rmSync(directory, { recursive: true, force: true })
  return { code: child.exitCode, log }
}

/** Without what sipp says of a busy machine. */
function complaints(text: string): string {
  const lines = text.split('\n').filter((line) => !/Overload warning|^The following events occurred:$/.test(line))
  return lines.join('\n').trim()
}

/** Ends what is left when a test failed. */
export function killSipp(): void {
  for (const child of running) child.kill('SIGKILL')
}

export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return port
}
