import { type Config, createLogger, loadConfig, systemRandom } from '@parley/runtime'
import { parseCommandLine, usage } from './command-line.ts'
import { lockDataDirectory, openIdentity } from './data-directory.ts'
import { runDemo } from './demo/demo.ts'
import { startDemoHouse } from './demo/demo-house.ts'
import { startEngine } from './engine.ts'
import { houseOfFile } from './engine-settings.ts'
import { startProblem } from './start-problem.ts'
import { stopRequested } from './stop-request.ts'

/** Known once it was read without a problem. */
let config: Config | undefined

const print = (text: string) => process.stdout.write(`${text}\n`)

async function main(): Promise<number> {
  // The OpenAI client would send these to whatever model address a request names.
  delete process.env.OPENAI_CUSTOM_HEADERS
  const line = parseCommandLine(process.argv.slice(2))
  if (line === 'help') {
    print(usage)
    return 0
  }
  if ('problem' in line) return fail([line.problem, usage])
  const loaded = loadConfig(process.env)
  if ('problems' in loaded) return fail(['Parley cannot start:', ...loaded.problems.map((problem) => `  - ${problem}`)])
  config = loaded.config
  if (line.demo && config.file)
    return fail(['--demo brings its own application and trunk; start it without PARLEY_CONFIG'])

  const { settings, dataDir } = config
  const level = line.demo && !process.env.PARLEY_LOG_LEVEL ? 'warn' : settings.PARLEY_LOG_LEVEL
  const logger = createLogger({ level, personalData: settings.PARLEY_LOG_PERSONAL_DATA })
  process.on('unhandledRejection', (error) => logger.error('unhandled rejection', { error }))

  await using resources = new AsyncDisposableStack()
  resources.use(await lockDataDirectory(dataDir))
  const identity = openIdentity(dataDir, systemRandom)
  const demo = config.file ? undefined : resources.use(await startDemoHouse(identity.demo, dataDir))
  const house = config.file ? houseOfFile(config.file) : demo?.house
  if (!house) throw new Error('no configuration')
  const engine = resources.use(await startEngine(config, house, identity, logger))
  const ports = { http: engine.httpPort, sip: engine.sipPort }
  logger.info('ready', ports)
  if (settings.PARLEY_READY_JSON) print(JSON.stringify({ ready: true, ...ports, pid: process.pid }))
  if (demo && !line.demo) {
    print(
      `Parley is ready: API http://${settings.PARLEY_BIND_HOST}:${ports.http}, SIP ${settings.PARLEY_BIND_HOST}:${ports.sip}`,
    )
    print(demo.instructions(identity.fresh))
  }

  const stop = stopRequested()
  if (demo && line.demo) {
    const passed = await runDemo({ engine, demo, identity, line, print, stop })
    if (line.once) return passed ? 0 : 1
  }
  await stop
  logger.info('stopping', { liveCalls: engine.liveCalls, drainS: settings.PARLEY_DRAIN_S })
  await engine.drain(settings.PARLEY_DRAIN_S * 1_000)
  return 0
}

function fail(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`)
  return 2
}

try {
  process.exitCode = await main()
} catch (error) {
  const problem = startProblem(error, config?.settings)
  process.stderr.write(`Parley cannot start: ${problem ?? (error instanceof Error ? error.message : String(error))}\n`)
  if (!problem && process.env.PARLEY_LOG_LEVEL === 'debug') process.stderr.write(`${(error as Error).stack}\n`)
  process.exitCode = 1
}
