import { exitCodes } from './gates.ts'

type Command = (args: readonly string[]) => Promise<number>

/** Each bench is loaded only when it runs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  api: async () => (await import('./api/command.ts')).apiCommand,
  latency: async () => (await import('./latency/command.ts')).latencyCommand,
  micro: async () => (await import('./micro/command.ts')).microCommand,
  sip: async () => (await import('./sip/command.ts')).sipCommand,
  turns: async () => (await import('./turns/turns-command.ts')).runTurns,
  report: async () => (await import('./report/command.ts')).reportCommand,
}

async function usage(): Promise<string> {
  const { latencyUsage } = await import('./latency/command.ts')
  const { microUsage } = await import('./micro/command.ts')
  const { turnsUsage } = await import('./turns/turns-command.ts')
  const { sipUsage } = await import('./sip/command.ts')
  const { apiUsage } = await import('./api/command.ts')
  const { reportUsage } = await import('./report/command.ts')
  return `Usage: ./scripts/bench COMMAND

${latencyUsage}

${microUsage}

${turnsUsage}

${sipUsage}

${apiUsage}

${reportUsage}

Exit codes: 0 pass, 1 a gate failed, 2 the bench itself failed, 3 inconclusive (the machine was too noisy).`
}

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const load = commands[name]
  if (load !== undefined && !args.includes('--help')) return (await load())(args)
  process.stdout.write(`${await usage()}\n`)
  return args.includes('--help') || name === '--help' ? exitCodes.pass : exitCodes.harness
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`the bench failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = exitCodes.harness
}
