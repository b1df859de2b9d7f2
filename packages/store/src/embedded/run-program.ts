import { spawn } from 'node:child_process'
import type { ServerIdentity } from './server-identity.ts'

/** Nothing of our own environment reaches the server. */
export const serverEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

export interface ProgramResult {
  readonly exitCode: number
  /** Standard output and error, at most 16 kB of its end. */
  readonly output: string
}

/** Runs a program of the database to its end, as the server's user. Rejects only when it cannot be started. */
export function runProgram(
  program: string,
  args: readonly string[],
  identity: ServerIdentity,
  cwd: string,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: serverEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(identity.dropped ? { uid: identity.uid, gid: identity.gid } : {}),
    })
    let output = ''
    const keep = (text: Buffer) => {
      output = (output + text.toString('utf8')).slice(-16_384)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }))
  })
}
