import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian package sip-tester. */
const binary = 'sipp'
const scenarios = new URL('../sipp/', import.meta.url).pathname
const running = new Set<ChildProcess>()
const boundMs = 20_000

/** In CI a missing sipp fails the tests instead of skipping them. */
export const sippAvailable = spawnSync(binary, ['-v']).error === undefined || process.env.CI !== undefined

export interface Sipp {
  readonly port: number
  /** Exit code: 0 when every message of the scenario came and went. */
  readonly exit: Promise<{ readonly code: number | null; readonly log: string }>
}

/**
 * Runs one scenario once; bounded in time, killed by `killSipp` at the latest. `status` replaces the status line of a
 * refusing scenario.
 */
export async function startSipp(
  scenario: string,
  args: readonly string[] = [],
  target?: string,
  status = '486 Busy Here',
): Promise<Sipp> {
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'parley-sipp-'))
  const text = readFileSync(`${scenarios}${scenario}.xml`, 'latin1')
  writeFileSync(join(directory, 'scenario.xml'), text.replace('486 Busy Here', status), 'latin1')
  const common = ['-sf', join(directory, 'scenario.xml'), '-i', '127.0.0.1', '-p', String(port), '-m', '1', '-nostdin']
  const log = ['-timeout', `${boundMs / 1000}s`, '-timeout_error', '-trace_err', '-error_file', join(directory, 'err')]
  const child = spawn(binary, [...common, ...log, ...args, ...(target ? [target] : [])], {
    cwd: directory,
    env: { ...process.env, TERM: 'dumb' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output = (output + chunk).slice(-4_000)
  })
  child.stderr.on('data', (chunk) => {
    output = (output + chunk).slice(-4_000)
  })
  const guard = setTimeout(() => child.kill('SIGKILL'), boundMs + 2_000)
  const exit = once(child, 'exit').then(([code]) => {
    clearTimeout(guard)
    running.delete(child)
    const errors = join(directory, 'err')
    if (existsSync(errors)) output += readFileSync(errors, 'utf8').slice(0, 3_000)
    rmSync(directory, { recursive: true, force: true })
    return { code: code as number | null, log: output }
  })
  if (!target) await untilBound(port, args.includes('t1') ? 'tcp' : 'udp')
  return { port, exit }
}

export async function killSipp(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }),
  )
}

/** sipp does not say when it listens; the kernel's table does. */
async function untilBound(port: number, transport: 'udp' | 'tcp'): Promise<void> {
  const entry = `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000`
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (readFileSync(`/proc/net/${transport}`, 'latin1').includes(entry)) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('sipp does not listen')
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  return port
}
