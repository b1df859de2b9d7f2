import type { CallReport } from '@parley/callee'
import { callId } from '@parley/core'
import type { CommandLine } from '../command-line.ts'
import type { Identity } from '../data-directory.ts'
import type { Engine } from '../engine.ts'
import { type DemoResult, demoTurns, fetchCdr, watchCall } from './demo-call.ts'
import { type DemoHouse, demoHints } from './demo-house.ts'
import { livePrinter } from './live-print.ts'
import { type CccClient, sdkClient } from './sdk-client.ts'

interface DemoRun {
  readonly engine: Engine
  readonly demo: DemoHouse
  readonly identity: Identity
  readonly line: CommandLine
  readonly print: (text: string) => void
  readonly stop: Promise<void>
}

const callee = '008613000000000'
/** A call that is not over by then has gone wrong. */
const callLimitMs = 90_000

/** Places one call to the simulated phone by the public API and shows it. True: it went as scripted. */
export async function runDemo(run: DemoRun): Promise<boolean> {
  const { engine, demo, identity, line } = run
  const print = line.json ? () => {} : run.print
  const client = sdkClient(engine.httpPort, identity.demo)
  const watch = watchCall(engine.listeners)
  const show = livePrinter(print)
  engine.listeners.add(show)
  try {
    print(`Calling a simulated phone through CreateAICall (official SDK, http://127.0.0.1:${engine.httpPort})\n`)
    const sessionId = await createCall(client, identity.demo.sdkAppId, demo.modelUrl)
    const report = await reportOf(demo, watch.ended, run.stop)
    if (!report) return false
    const cdr = await fetchCdr(client, identity.demo.sdkAppId, sessionId)
    const result: DemoResult = {
      sessionId,
      endStatus: String(cdr.EndStatusString),
      turns: demoTurns(watch.events, report),
      bargeIns: watch.events.filter(({ body }) => body.type === 'assistant.said' && body.interrupted).length,
      recordingPath: engine.recordingPath(callId(sessionId)),
      cdr,
    }
    const problems = [...report.problems, ...deviations(result)]
    print(`\nCall record, as the SDK returned it:\n${JSON.stringify(present(cdr), null, 2)}`)
    print(`\nRecording (caller left, assistant right): ${result.recordingPath}`)
    print(`Voice to voice, measured at the phone: ${result.turns.map((turn) => `${turn.v2vMs ?? '-'} ms`).join(', ')}`)
    if (line.json) run.print(JSON.stringify(result))
    for (const problem of problems) process.stderr.write(`not as scripted: ${problem}\n`)
    return problems.length === 0
  } finally {
    watch.stop()
    engine.listeners.delete(show)
  }
}

async function createCall(client: CccClient, sdkAppId: number, modelUrl: string): Promise<string> {
  const { SessionId } = await client.CreateAICall({
    SdkAppId: sdkAppId,
    Callee: callee,
    LLMType: 'openai',
    APIKey: 'demo',
    APIUrl: modelUrl,
    SystemPrompt: 'You confirm appointments for the Riverside dental practice.',
    WelcomeMessage: 'Hello, this is the Riverside dental practice. Am I speaking with {{Name}}?',
    Languages: ['en'],
    VadSilenceTime: 500,
    EnableComplianceAudio: false,
    EndFunctionEnable: true,
    Variables: [
      { Key: 'Name', Value: 'Alex' },
      { Key: 'parley-asr-hints', Value: demoHints.join('\n') },
    ],
  })
  if (!SessionId) throw new Error('CreateAICall gave no SessionId')
  return SessionId
}

/** The phone's report once both sides are done; undefined when the operator stops or the call does not end. */
async function reportOf(demo: DemoHouse, ended: Promise<void>, stop: Promise<void>): Promise<CallReport | undefined> {
  const deadline = new Promise<undefined>((resolve) => setTimeout(resolve, callLimitMs, undefined).unref())
  const both = (async () => {
    const call = await demo.phone.nextCall(callLimitMs)
    const [report] = await Promise.all([call.ended, ended])
    return report
  })()
  return Promise.race([both, stop.then(() => undefined), deadline])
}

function deviations(result: DemoResult): string[] {
  const { cdr, turns, bargeIns } = result
  const record = cdr as Record<string, unknown>
  const problems: string[] = []
  if (result.endStatus !== 'ok') problems.push(`the call ended as ${result.endStatus}`)
  if (record.SysHangupReasonString !== 'functionCallHangup') problems.push('the assistant did not hang up')
  if (turns.length < 4) problems.push(`${turns.length} turns instead of 4`)
  if (bargeIns !== 1) problems.push(`${bargeIns} barge-ins instead of 1`)
  if (!record.RecordURL) problems.push('there is no recording')
  return problems
}

/** Members that hold something. */
function present(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(
      ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  )
}
