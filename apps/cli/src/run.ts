import { parseArgs } from 'node:util'
import type { Command, Job } from './command.ts'
import { commands } from './commands/index.ts'
import { connectEngine } from './engine/engine.ts'
import { exitCodes, Failure } from './failure.ts'
import type { Terminal } from './output/terminal.ts'
import { readSettings } from './settings.ts'

const usage = [
  'Usage: parley COMMAND [ARGUMENTS] [OPTIONS]',
  '',
  ...commands.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}`),
  '',
  '`parley COMMAND --help` tells the options. The engine and the key: PARLEY_URL (http://127.0.0.1:8080), PARLEY_SECRET_ID,',
  'PARLEY_SECRET_KEY and PARLEY_SDK_APP_ID, or a file, see docs/cli.md. Exit codes: 0 done, 1 refused, 2 wrong usage,',
  '3 no engine answers, 4 the key is not taken.',
].join('\n')

/** Does what the arguments say. The exit code. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  world: Pick<Job, 'environment' | 'wallMs' | 'signal' | 'pause'>,
): Promise<number> {
  const [word, ...rest] = args
  if (word === undefined || word === 'help' || word === '--help' || word === '-h') {
    terminal.out(usage)
    return word === undefined ? exitCodes.usage : 0
  }
  const command = commands.find(({ name }) => name === word)
  try {
    if (!command) throw new Failure('usage', `${word} is no command; \`parley help\` lists them`)
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(helpOf(command))
      return 0
    }
    const { values, positionals } = parse(command, rest)
    const settings = readSettings(world.environment)
    for (const warning of settings.warnings) terminal.note(`parley: ${warning}`)
    return await command.run({ ...world, values, positionals, terminal, engine: connectEngine(settings) })
  } catch (error) {
    if (world.signal.aborted) return 130
    if (!(error instanceof Failure)) throw error
    terminal.note(`parley: ${error.message}`)
    return exitCodes[error.kind]
  }
}

const helpOf = ({ name, synopsis, summary, help }: Command): string =>
  [`Usage: parley ${name} ${synopsis}`.trimEnd(), '', summary, ...(help.length > 0 ? ['', ...help] : [])].join('\n')

/** @throws Failure usage, which names what is wrong */
function parse({ name, options, synopsis, arguments: [least, most] }: Command, args: readonly string[]) {
  let parsed: Pick<Job, 'values' | 'positionals'>
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ')
    throw new Failure('usage', `${sentence}; \`parley ${name} --help\` tells the options`)
  }
  const { length } = parsed.positionals
  if (length < least) throw new Failure('usage', `an argument is missing: parley ${name} ${synopsis}`)
  if (length > most) throw new Failure('usage', `unexpected: ${parsed.positionals.slice(most).join(' ')}`)
  return parsed
}
