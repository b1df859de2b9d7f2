import { existsSync } from 'node:fs'
import { type Config, createLogger, loadConfig, mediaOf, systemClock, systemRandom } from '@parley/runtime'
import { nodeDns } from '@parley/sip'
import { checkTrunk, isWrong, type TrunkReport } from './check-trunk.ts'
import type { CheckCommand } from './command-line.ts'
import { shownText } from './judge/shown-text.ts'
import { offerOf } from './media-offer.ts'
import { nameExists } from './name-exists.ts'
import { printReport } from './print-report.ts'

type Trunk = NonNullable<Config['file']>['trunks'][number]

/**
 * Reads the configuration, tests its trunks one after the other and prints each report as it is ready.
 * @returns the exit code: `fail` gives that of a wrong command
 */
export async function runCheck(
  command: CheckCommand,
  environment: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void,
  fail: (text: string) => number,
): Promise<number> {
  const path = command.config ?? (environment.PARLEY_CONFIG || 'parley.yaml')
  if (!existsSync(path)) return fail(`${path} does not exist: name the configuration by --config.\n`)
  const loaded = loadConfig({ ...environment, PARLEY_CONFIG: path })
  if ('problems' in loaded) {
    const { problems } = loaded
    if (command.json) print(`${JSON.stringify({ ok: false, configuration: problems, trunks: [] })}\n`)
    else print(`configuration\n${problems.map((problem) => `    WRONG ${problem}\n`).join('')}`)
    return 1
  }
  const { config } = loaded
  const all = config.file?.trunks ?? []
  const trunks = command.trunk === undefined ? all : all.filter(({ name }) => name === command.trunk)
  if (trunks.length === 0) {
    return fail(`${path} has no trunk ${command.trunk}; it has ${all.map(({ name }) => name).join(', ')}.\n`)
  }
  const reports: TrunkReport[] = []
  for (const trunk of trunks) {
    const report = await checkTrunk(trunk, optionsOf(command, config, trunk))
    reports.push(report)
    if (!command.json) print(printReport(report))
  }
  const ok = !reports.some(isWrong)
  if (command.json) print(`${JSON.stringify({ ok, configuration: [], trunks: reports })}\n`)
  return ok ? 0 : 1
}

function optionsOf({ port, call, full }: CheckCommand, { settings, advertisedHost }: Config, trunk: Trunk) {
  const media = mediaOf(trunk)
  const shared = {
    clock: systemClock,
    random: systemRandom,
    // What goes wrong is in the report.
    logger: createLogger({ level: 'silent', personalData: false }),
    advertisedHost,
  }
  const offer = () =>
    offerOf({ ...shared, media, bindHost: settings.PARLEY_BIND_HOST, rtpPorts: settings.PARLEY_RTP_PORTS })
  return {
    ...shared,
    bind: { host: settings.PARLEY_BIND_HOST, port },
    userAgent: 'Parley',
    dns: nodeDns(),
    nameExists,
    show: shownText(full),
    media,
    ...(call === undefined ? {} : { call: { number: call, offer } }),
  }
}
