import { parseArgs } from 'node:util'

export interface CommandLine {
  readonly demo: boolean
  readonly once: boolean
  readonly json: boolean
}

export const usage = `Usage: ./scripts/up [--demo [--once] [--json]]

  (no option)   run the engine until Ctrl-C
  --demo        run it, place a call to the simulated phone and show it
  --once        with --demo: end after that call; the exit code says whether it went as scripted
  --json        with --demo: the last line is one JSON object

Settings come from the environment (docs/settings.md) and from parley.yaml (docs/configuration.md).
`

/** The options, or the sentence that says what is wrong with them. */
export function parseCommandLine(args: readonly string[]): CommandLine | 'help' | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        demo: { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    if ((values.once || values.json) && !values.demo) return { problem: '--once and --json go with --demo' }
    return values
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
