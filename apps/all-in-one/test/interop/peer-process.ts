import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program of others that runs in a namespace; bounded in time. */
export interface PeerProcess extends AsyncDisposable {
  /** Everything it wrote so far. */
  readonly log: () => string
  /** Writes to its standard input. */
  write(text: string): void
  /** Resolves once what it wrote after `from` fits. @throws Error with the end of the log after `deadlineMs` */
  wrote(pattern: RegExp, deadlineMs?: number, from?: number): Promise<RegExpExecArray>
}

export interface PeerOptions {
  readonly namespace: string
  readonly command: readonly [program: string, ...args: string[]]
  readonly environment?: Readonly<Record<string, string>>
  readonly directory?: string
  /** Signal that ends it; after 3 s SIGKILL does. */
  readonly stopSignal?: NodeJS.Signals
}

const longestLifeMs = 120_000

export function startPeer({ namespace, command, environment, directory, stopSignal }: PeerOptions): PeerProcess {
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
    ...(directory ? { cwd: directory } : {}),
    env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: directory ?? '/tmp', TERM: 'dumb', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const listeners = new Set<() => void>()
  let log = ''
  const take = (chunk: unknown) => {
    log = (log + chunk).slice(-1_000_000)
    for (const listener of [...listeners]) listener()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  child.on('error', (error) => take(`${command[0]}: ${error.message}\n`))
  child.on('exit', (code, signal) => take(`\n${command[0]} ended with ${code ?? signal}\n`))
  // A peer that is gone says so in its log.
  child.stdin.on('error', () => {})
  const guard = setTimeout(() => child.kill('SIGKILL'), longestLifeMs)
  return {
    log: () => log,
    write: (text) => void child.stdin.write(text),
    wrote: (pattern, deadlineMs = 10_000, from = 0) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(log.slice(from))
          if (!match) return
          settle()
          resolve(match)
        }
        const timer = setTimeout(() => {
          settle()
          reject(new Error(`${command[0]} did not write ${pattern} in ${deadlineMs} ms\n${log.slice(-4_000)}`))
        }, deadlineMs)
        const settle = () => {
          clearTimeout(timer)
          listeners.delete(check)
        }
        listeners.add(check)
        check()
      }),
    async [Symbol.asyncDispose]() {
      await stop(child, stopSignal ?? 'SIGTERM')
      clearTimeout(guard)
    },
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const guard = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await ended
  clearTimeout(guard)
}
