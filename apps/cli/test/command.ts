import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly ended: Promise<Ended>
  /** What it wrote to stdout so far. */
  stdout(): string
  kill(signal: NodeJS.Signals): void
}

/** Runs the command as users do, in a process of its own, without a configuration file unless `environment` names one. */
export function start(args: readonly string[], environment: Readonly<Record<string, string>>, input = ''): Running {
  const child = spawn(process.execPath, ['--conditions=development', mainFile, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 90_000,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }))
  return { ended, stdout: () => stdout, kill: (signal) => child.kill(signal) }
}

export const run = (args: readonly string[], environment: Readonly<Record<string, string>>, input?: string) =>
  start(args, environment, input).ended
