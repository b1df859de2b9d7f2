import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface EndedCommand {
  /** Null: a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly ended: Promise<EndedCommand>
  /** What it wrote to stdout so far. */
  stdout(): string
  kill(signal: NodeJS.Signals): void
}

export interface CommandOptions {
  /** All it has. */
  readonly environment: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What it reads from stdin. Default: nothing. */
  readonly input?: string
}

/** Runs a command of this repository from its sources, as users do, in a process of its own; for 90 s at most. */
export function startCommand(
  mainFile: string,
  args: readonly string[],
  { environment, cwd, input = '' }: CommandOptions,
): RunningCommand {
  const child = spawn(process.execPath, ['--conditions=development', mainFile, ...args], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 90_000,
    ...(cwd !== undefined && { cwd }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  // A command that does not read its input closes it.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }))
  return { ended, stdout: () => stdout, kill: (signal) => child.kill(signal) }
}
