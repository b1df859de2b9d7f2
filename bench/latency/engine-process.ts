import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { LatencyMode } from './latency-plan.ts'
import { secondDesk } from './second-desk.ts'
import { turnTakingConfig } from './turn-taking-config.ts'

export const application = { sdkAppId: 1_400_000_001, secretId: 'AKIDbench', secretKey: 'bench-secret-key' }
export const providerKey = 'bench'

export interface EngineSetup {
  readonly mode: LatencyMode
  readonly ports: { readonly llm: number; readonly asr: number; readonly tts: number }
  readonly phonePort: number
  readonly concurrentCalls: number
  /** `inbound` of the configuration: who serves calls that come in. */
  readonly inbound?: object
  /** A module that the engine's process loads first; it may collect, and talk with this process by IPC. */
  readonly preload?: string
}

/** The engine does not know the configuration that a mode needs. */
export class ModeNotRunnable extends Error {
  override readonly name = 'ModeNotRunnable'
}

/** One line of the engine's trace: instants in ms of the monotonic clock. */
export interface TurnTrace {
  readonly callId: string
  readonly turn: number
  readonly userStoppedAtMs?: number
  readonly speculatedAtMs?: number
  readonly transcriptFinalAtMs?: number
  readonly endpointAtMs?: number
  readonly modelRequestAtMs?: number
  readonly modelFirstTokenAtMs?: number
  readonly synthesisRequestAtMs?: number
  readonly synthesisFirstAudioAtMs?: number
  readonly firstPacketAtMs?: number
  readonly discarded?: number
}

/** The engine, as an operator runs it. */
export interface EngineProcess extends AsyncDisposable {
  readonly httpPort: number
  readonly sipPort: number
  readonly pid: number
  readonly process: ChildProcess
  /** CPU time it took so far, all threads, ms. */
  cpuMs(): Promise<number>
  traces(): Promise<readonly TurnTrace[]>
  /** Last lines of its log. */
  logTail(): string
}

const builtFile = fileURLToPath(new URL('../../apps/all-in-one/dist/main.js', import.meta.url))
const sourceFile = fileURLToPath(new URL('../../apps/all-in-one/src/main.ts', import.meta.url))
/** `./scripts/bench` builds before it measures. */
export const engineBuild = existsSync(builtFile) ? 'production build' : 'from source'
const engineCommand = existsSync(builtFile)
  ? [builtFile]
  : ['--conditions=development', '--disable-warning=ExperimentalWarning', sourceFile]
/** Exit code of an engine that cannot use its configuration. */
const refusedConfiguration = 2
const readyWithinMs = 60_000
const stopWithinMs = 10_000
const keptLog = 20_000
const msPerClockTick = 10

/** @throws ModeNotRunnable; Error with the end of the engine's log when it does not get ready */
export async function startEngine(setup: EngineSetup): Promise<EngineProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  // Run by root, the engine's database has a user of its own who must be able to get in.
  await chmod(directory, 0o755)
  const traceFile = join(directory, 'trace.jsonl')
  const configFile = join(directory, 'parley.yaml')
  await writeFile(configFile, stringify(configuration(setup)))
  await writeFile(traceFile, '')
  const rtpFrom = 20_000 + (process.pid % 200) * 40
  const { preload } = setup
  const extra = preload === undefined ? [] : ['--expose-gc', '--import', preload]
  const child = spawn(process.execPath, [...extra, ...engineCommand], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '/tmp',
      NODE_ENV: 'production',
      PARLEY_HTTP_PORT: '0',
      PARLEY_SIP_PORT: '0',
      PARLEY_RTP_PORTS: `${rtpFrom}-${rtpFrom + 4 * setup.concurrentCalls + 20}`,
      PARLEY_DATA_DIR: directory,
      PARLEY_CONFIG: configFile,
      PARLEY_READY_JSON: '1',
      PARLEY_TRACE_FILE: traceFile,
      PARLEY_LOG_LEVEL: process.env.PARLEY_LOG_LEVEL ?? 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(preload === undefined ? [] : ['ipc' as const])],
  })
  let log = ''
  child.stderr?.on('data', (text) => {
    log = `${log}${text}`.slice(-keptLog)
  })
  const ready = await readyLine(child, () => log)
  return {
    httpPort: ready.http,
    sipPort: ready.sip,
    pid: child.pid ?? 0,
    process: child,
    logTail: () => log,
    cpuMs: () => readCpuMs(child.pid ?? 0),
    async traces() {
      const lines = (await readFile(traceFile, 'utf8')).split('\n').filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line) as TurnTrace)
    },
    async [Symbol.asyncDispose]() {
      await stop(child)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function configuration({ mode, ports, phonePort, concurrentCalls, inbound }: EngineSetup): object {
  const { sdkAppId, secretId, secretKey } = application
  const turnTaking = turnTakingConfig(mode)
  const recognizer =
    mode === 'eager-events'
      ? { kind: 'deepgram-flux', url: `ws://127.0.0.1:${ports.asr}/v2/listen` }
      : { kind: 'deepgram', url: `ws://127.0.0.1:${ports.asr}/v1/listen` }
  return {
    applications: [{ sdkAppId, keys: [{ secretId, secretKey }] }],
    trunks: [
      {
        name: 'phone',
        gateways: [{ host: '127.0.0.1', port: phonePort, transport: 'udp' }],
        auth: { kind: 'none' },
        numbers: ['+8675500000001'],
        limits: { maxConcurrent: concurrentCalls + 5, maxCps: 20 },
      },
    ],
    speech: {
      // Calls say the same words; each must be asked for, so that the voice's time is known. Who may take over has his first
      // words made ahead, and what is as shipped keeps its greetings.
      phraseCacheMb: mode === 'hand-over' || mode === 'adaptive' ? 1 : 0,
      recognizer: { ...recognizer, apiKey: providerKey },
      synthesizer: {
        kind: 'custom',
        url: `http://127.0.0.1:${ports.tts}/tts`,
        apiKey: providerKey,
        sampleRateHz: 8_000,
      },
    },
    ...(turnTaking && { turnTaking }),
    ...(mode === 'hand-over' && { agents: [secondDesk(sdkAppId, ports.llm)] }),
    ...(inbound && { inbound }),
  }
}

async function readyLine(
  child: ChildProcess,
  log: () => string,
): Promise<{ readonly http: number; readonly sip: number }> {
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })
  const ready = new Promise<{ http: number; sip: number }>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as { http: number; sip: number })
    })
    child.once('close', (code) => {
      if (code === refusedConfiguration) reject(new ModeNotRunnable(log().trim().split('\n').at(-1)))
      reject(new Error(`the engine ended with code ${code}\n${log()}`))
    })
  })
  const { promise: late, reject: giveUp } = Promise.withResolvers<never>()
  const watchdog = setTimeout(() => giveUp(new Error(`the engine is not ready\n${log()}`)), readyWithinMs)
  try {
    return await Promise.race([ready, late])
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(watchdog)
  }
}

/** User and system time of a process. @see proc(5), `/proc/pid/stat` */
async function readCpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * msPerClockTick
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const watchdog = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await exited
  clearTimeout(watchdog)
}
