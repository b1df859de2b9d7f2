import { type Command, flag, type Job, json } from '../command.ts'
import { callAction } from '../engine/action.ts'
import { Failure } from '../failure.ts'

interface Finding {
  readonly check: string
  readonly ok: boolean
  readonly text: string
}

/** Signatures are refused beyond five minutes; said earlier, so that it can be mended. */
const maxSkewMs = 300_000
const fairSkewMs = 30_000

/** Looks whether calls could be made from here, and says what is in the way. */
export const doctor: Command = {
  name: 'doctor',
  synopsis: '[--json]',
  summary: 'look whether engine, key, clock and trunks are in order',
  help: ['--json                a finding a line', 'The exit code is 1 when something is wrong.'],
  options: json,
  arguments: [0, 0],
  async run(job) {
    const { terminal } = job
    const findings: Finding[] = []
    const tell = (finding: Finding) => {
      findings.push(finding)
      const { check, ok, text } = finding
      const verdict = ok ? terminal.paint('green', 'ok   ') : terminal.paint('red', 'WRONG')
      terminal.out(flag(job, 'json') ? JSON.stringify(finding) : `${verdict}  ${check.padEnd(10)} ${text}`)
    }
    for (const look of [engineAndClock, readiness, key, action]) for (const finding of await look(job)) tell(finding)
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}

async function engineAndClock({ engine, wallMs }: Job): Promise<readonly Finding[]> {
  const response = await engine.fetch('/healthz')
  const date = response.headers.get('date')
  const engineFinding = { check: 'engine', ok: response.ok, text: `${engine.settings.url} answers ${response.status}` }
  if (date === null) return [engineFinding]
  // The header has whole seconds.
  const skewMs = Math.round((wallMs() - Date.parse(date) - 500) / 1000) * 1000
  const text = `${Math.abs(skewMs) / 1000} s ${skewMs < 0 ? 'behind' : 'ahead of'} the engine`
  const far =
    Math.abs(skewMs) > fairSkewMs ? `; signatures are refused beyond ${maxSkewMs / 1000} s: set the clocks by NTP` : ''
  return [engineFinding, { check: 'clock', ok: far === '', text: `${text}${far}` }]
}

async function readiness({ engine }: Job): Promise<readonly Finding[]> {
  const response = await engine.fetch('/readyz')
  const answer = (await response.json().catch(() => ({}))) as { problems?: string[]; warnings?: string[] }
  const { problems = [`/readyz answers ${response.status}`], warnings = [] } = answer
  const trunks = warnings.filter((warning) => warning.includes('trunk'))
  const rest = [...problems, ...warnings.filter((warning) => !warning.includes('trunk'))]
  return [
    { check: 'calls', ok: rest.length === 0, text: rest.join('; ') || 'the engine takes calls' },
    { check: 'trunks', ok: trunks.length === 0, text: trunks.join('; ') || 'a gateway of each trunk is up' },
  ]
}

async function key({ engine }: Job): Promise<readonly Finding[]> {
  const response = await engine.fetch('/v1/calls?limit=1')
  // 400: the key serves several applications, so it is known.
  const ok = response.ok || response.status === 400
  return [
    { check: 'key', ok, text: ok ? 'the engine takes it' : `the engine does not take ${engine.settings.secretId}` },
  ]
}

async function action({ engine, wallMs }: Job): Promise<readonly Finding[]> {
  const { sdkAppId } = engine.settings
  if (sdkAppId === undefined)
    return [{ check: 'signature', ok: true, text: 'not looked at: PARLEY_SDK_APP_ID is not set' }]
  try {
    const { Numbers } = await callAction(engine, 'DescribeNumbers', { SdkAppId: sdkAppId }, wallMs())
    const count = Array.isArray(Numbers) ? Numbers.length : 0
    return [
      { check: 'signature', ok: true, text: `verified for application ${sdkAppId}` },
      {
        check: 'numbers',
        ok: count > 0,
        text: count > 0 ? `${count} to call from` : 'the application has none to call from',
      },
    ]
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [{ check: 'signature', ok: false, text: error.message }]
  }
}
