import { runCheck } from './check.ts'
import { parseCommandLine, usage } from './command-line.ts'
import { fetchLadder } from './ladder.ts'

async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2))
  if (command === 'help') {
    process.stdout.write(usage)
    return 0
  }
  if ('problem' in command) return fail(`${command.problem}\n\n${usage}`)
  if (command.command === 'check') return runCheck(command, process.env, (text) => process.stdout.write(text), fail)
  const { PARLEY_SECRET_ID: secretId, PARLEY_SECRET_KEY: secretKey } = process.env
  if (!secretId || !secretKey)
    return fail('PARLEY_SECRET_ID and PARLEY_SECRET_KEY must be set to a key of the application.\n')
  const { exitCode, text } = await fetchLadder(command, { secretId, secretKey })
  if (exitCode === 0) process.stdout.write(text)
  else process.stderr.write(text)
  return exitCode
}

function fail(text: string): number {
  process.stderr.write(text)
  return 2
}

try {
  process.exitCode = await main()
} catch (error) {
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number }
  const inUse = code === 'EADDRINUSE'
  const text = error instanceof Error ? error.message : String(error)
  process.exitCode = fail(inUse ? `Port ${port} is in use: stop the engine, or leave --port out.\n` : `${text}\n`)
}
