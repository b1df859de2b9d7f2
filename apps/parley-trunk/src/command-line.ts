import { parseArgs } from 'node:util'

export interface CheckCommand {
  readonly command: 'check'
  /** Absent: every trunk. */
  readonly trunk?: string
  /** Absent: `PARLEY_CONFIG`, else `parley.yaml` where the command was started. */
  readonly config?: string
  /** Number to call. Absent: nobody is called. */
  readonly call?: string
  /** Local SIP port; 0: any. */
  readonly port: number
  readonly json: boolean
  readonly full: boolean
}

export interface LadderCommand {
  readonly command: 'ladder'
  readonly sessionId: string
  readonly url: string
  readonly json: boolean
}

export const usage = `Usage: ./scripts/parley-trunk check [TRUNK] [--config FILE] [--call NUMBER] [--port PORT] [--json] [--full]
       ./scripts/parley-trunk ladder SESSION_ID [--url URL] [--json]

  check         tests each trunk of parley.yaml, or the one named, and says what is wrong and what to do
  --config      the file; default: PARLEY_CONFIG, else parley.yaml
  --call        also places a call to NUMBER and ends it as soon as it rings; without it nobody is called
  --port        send from this port, for carriers that know us by address and port; default: any free one
  --full        show telephone numbers whole

  ladder        prints the SIP messages of a call; PARLEY_SECRET_ID and PARLEY_SECRET_KEY are a key of its application
  --url         the engine; default: http://127.0.0.1:8080

  --json        for machines
The exit code is 0 when all is well, 1 when something is wrong, 2 when the command itself is.
`

/** The command, or the sentence that says what is wrong with it. */
export function parseCommandLine(
  args: readonly string[],
): CheckCommand | LadderCommand | 'help' | { readonly problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        call: { type: 'string' },
        port: { type: 'string' },
        url: { type: 'string' },
        json: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    const [command, name, ...rest] = positionals
    if (rest.length > 0) return { problem: `unexpected: ${rest.join(' ')}` }
    if (command === 'check') return checkOf(values, name)
    if (command === 'ladder') return ladderOf(values, name)
    return { problem: command === undefined ? 'what to do is missing' : `${command} is no command` }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

interface Values {
  readonly config?: string
  readonly call?: string
  readonly port?: string
  readonly url?: string
  readonly json: boolean
  readonly full: boolean
}

function checkOf(values: Values, trunk: string | undefined): CheckCommand | { readonly problem: string } {
  const { config, call, port = '0', url, json, full } = values
  if (url !== undefined) return { problem: '--url goes with ladder' }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { problem: '--port must be 0 to 65535' }
  if (call !== undefined && !/^[+0-9A-Za-z*#(). _~-]{1,64}$/.test(call)) return { problem: '--call is no number' }
  return {
    command: 'check',
    port: Number(port),
    json,
    full,
    ...(trunk === undefined ? {} : { trunk }),
    ...(config === undefined ? {} : { config }),
    ...(call === undefined ? {} : { call }),
  }
}

function ladderOf(values: Values, sessionId: string | undefined): LadderCommand | { readonly problem: string } {
  const { config, call, port, full, url = 'http://127.0.0.1:8080', json } = values
  if (sessionId === undefined) return { problem: 'ladder needs the SESSION_ID of a call' }
  if (config !== undefined || call !== undefined || port !== undefined || full)
    return { problem: '--config, --call, --port and --full go with check' }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return { problem: '--url must be an http or https address' }
  return { command: 'ladder', sessionId, url, json }
}
